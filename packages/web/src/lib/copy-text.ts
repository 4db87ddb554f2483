/** The browser would not write to the clipboard: an insecure page, a refused permission. */
export class CopyRefused extends Error {}

/** What is to be copied, or how to fetch it at the moment of copying. */
export type CopySource = string | (() => Promise<string>);

/**
 * Puts a text on the clipboard. Call it straight from a click: a text that has still to be fetched is handed over as a
 * promise, because Safari forgets the click while it waits.
 * Throws what the source throws, or CopyRefused when no way of copying worked.
 */
export async function copyText(source: CopySource): Promise<void> {
  const text = typeof source === "string" ? Promise.resolve(source) : source();
  if (await writeWhenReady(text)) return;
  // Now the text's own failure comes out, if that is what it was.
  const ready = await text;
  if ((await writeNow(ready)) || writeBySelection(ready)) return;
  throw new CopyRefused("Your browser blocked copying.");
}

async function writeWhenReady(text: Promise<string>): Promise<boolean> {
  if (typeof ClipboardItem === "undefined" || !navigator.clipboard?.write) return false;
  const blob = text.then((ready) => new Blob([ready], { type: "text/plain" }));
  return succeeded(async () => navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]));
}

async function writeNow(text: string): Promise<boolean> {
  if (!navigator.clipboard?.writeText) return false;
  return succeeded(() => navigator.clipboard.writeText(text));
}

/** The old way, which also works on pages without https. */
function writeBySelection(text: string): boolean {
  if (typeof document.execCommand !== "function") return false;
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}

async function succeeded(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch {
    return false;
  }
}
