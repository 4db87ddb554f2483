import axe from "axe-core";
import type { Page } from "playwright-core";

const rules: axe.RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  preload: false,
  resultTypes: ["violations"],
};

/** Rules whose result depends on the colour scheme. */
const colourRules: axe.RunOptions = { ...rules, runOnly: ["color-contrast", "link-in-text-block"] };

const wide = { width: 1280, height: 800 };
const narrow = { width: 320, height: 640 };

/**
 * Returns axe’s violations on the current page in light, in dark and at 320 px. At every width, scrolling sideways
 * counts too.
 */
export async function faultsOfLook(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const [size, colorScheme, options] of [
    [wide, "light", rules],
    [wide, "dark", colourRules],
    [narrow, "dark", rules],
  ] as const) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    const look = `${size.width} px, ${colorScheme}: `;
    found.push(...(await faultsNow(page, options)).map((fault) => look + fault));
  }
  await page.setViewportSize(wide);
  return found;
}

function faultsNow(page: Page, options: axe.RunOptions): Promise<string[]> {
  return page.evaluate(async (options) => {
    // Contrast is only final once transitions have ended.
    const settled = () => document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    await Promise.allSettled(settled().map(({ finished }) => finished));
    // What an open dialog covers cannot be reached, and has its own tests.
    const isCovered = document.querySelector('[aria-modal="true"]') !== null;
    const context = isCovered ? { exclude: ["#main"] } : document;
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(context, options);
    const faults = violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
    );
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) faults.push(`scrolls sideways: ${scrollWidth} px in ${clientWidth} px`);
    return faults;
  }, options);
}
