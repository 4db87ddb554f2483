/** The browser blocked the clipboard: the page is insecure or permission was denied. */
export class CopyRefused extends Error {}

/** The text to copy, or a function that fetches it when copying. */
export type CopySource = string | (() => Promise<string>);

/**
 * Copies a text to the clipboard. Call it directly from a click handler. Text still to be fetched is passed as a promise,
 * because Safari no longer allows copying once the click handler has awaited something.
 * Throws the source’s error, or CopyRefused if copying fails.
 */
export async function copyText(source: CopySource): Promise<void> {
  const text = typeof source === "string" ? Promise.resolve(source) : source();
  if (await writeWhenReady(text)) return;
  // Throws the source’s own error, if that was the reason.
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

/** The legacy way, which also works without HTTPS. */
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
