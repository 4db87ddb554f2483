// How long the list takes to react, as Interaction to Next Paint has it (https://web.dev/articles/inp): from the event to
// the next frame, in ms.
import { launchChromium } from "../e2e/support/chromium.mjs";
import { startDemoServer } from "../e2e/support/demo-server.mjs";
import { signIn } from "../e2e/support/first-load.mjs";

const rounds = 5;

const [server, browser] = await Promise.all([startDemoServer(), launchChromium()]);
const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 800 } });
await signIn(context);
const page = await context.newPage();
await page.addInitScript(() => {
  const durations = [];
  Object.assign(window, { durations });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (/** @type {any} */ (entry).interactionId) durations.push({ name: entry.name, duration: entry.duration });
  }).observe(/** @type {any} */ ({ type: "event", durationThreshold: 16, buffered: true }));
});

const list = "/settings/api-tokens?rows=5";
/** @type {[string, () => Promise<void>][]} */
const interactions = [
  ["open a column's menu", () => page.locator("th button").nth(3).click()],
  ["sort", () => page.getByRole("menuitem", { name: "Sort ascending" }).click()],
  ["open the filter", () => page.getByRole("button", { name: "Filter", exact: true }).click()],
  ["close it", () => page.keyboard.press("Escape")],
  ["next page", () => page.getByRole("button", { name: "Next" }).click()],
  [
    "open a row's menu",
    () =>
      page
        .getByRole("button", { name: /^Actions for/ })
        .first()
        .click(),
  ],
  ["close it", () => page.keyboard.press("Escape")],
  ["open a token", () => page.locator("tbody tr a").first().click()],
];
/** @type {Map<string, number[]>} */
const measured = new Map();
for (let round = 0; round < rounds; round++) {
  await page.goto(list);
  await page.locator("tbody tr a").first().waitFor();
  await page.waitForLoadState("networkidle");
  for (const [name, act] of interactions) {
    await page.evaluate(() => /** @type {any} */ (window).durations.splice(0));
    await act();
    await page.waitForTimeout(700);
    const durations = await page.evaluate(() => /** @type {any} */ (window).durations.map(({ duration }) => duration));
    measured.set(name, [...(measured.get(name) ?? []), Math.max(0, ...durations)]);
  }
}
console.log("| interaction | median ms | slowest |");
console.log("|---|--:|--:|");
for (const [name, figures] of measured) {
  const sorted = figures.toSorted((a, b) => a - b);
  console.log(`| ${name} | ${sorted[Math.floor(sorted.length / 2)]} | ${sorted.at(-1)} |`);
}
await Promise.all([server.stop(), browser.close()]);
