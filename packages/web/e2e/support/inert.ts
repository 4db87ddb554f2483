import type { Page } from "playwright-core";

const sizes = [
  { width: 1440, height: 900 },
  { width: 375, height: 740 },
];

/**
 * Returns the effects of hostile texts on the current page, wide and narrow: elements or attributes they created,
 * sideways scrolling, and IDs whose direction they reversed. startHallpass reports any that run as scripts.
 */
export async function tracesOfTexts(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const size of sizes) {
    await page.setViewportSize(size);
    // An open menu moves with its button in the frame after the resize.
    await page.evaluate(() => new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(settled))));
    found.push(...(await page.evaluate(tracesNow)).map((trace) => `${size.width} px: ${trace}`));
  }
  return found;
}

function tracesNow(): string[] {
  const made =
    "[data-hostile], iframe, object, embed, base, meta[http-equiv], script:not([src]), a[href^='javascript:' i], [onerror], [onload], [onclick], [onmouseover], [onfocus]";
  const found = [...document.querySelectorAll(made)].map((element) => `made ${element.outerHTML.slice(0, 200)}`);
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`scrolls sideways: ${scrollWidth} px in ${clientWidth} px`);

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const leftOf = (node: Node, place: number) => {
    const range = document.createRange();
    range.setStart(node, place);
    range.setEnd(node, place + 1);
    return range.getBoundingClientRect();
  };
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    for (const { index, 0: id } of (node.nodeValue ?? "").matchAll(/(?:TKN|ACC|USR|MOD|AUD)(?:-\d{4})+/g)) {
      const [first, last] = [leftOf(node, index), leftOf(node, index + id.length - 1)];
      if (first.top === last.top && first.width > 0 && first.left >= last.left)
        found.push(`turned around: ${JSON.stringify(node.nodeValue?.slice(0, 200))}`);
    }
  }
  return found;
}
