// Takes the README’s screenshots from the sample data. Build first, then run `pnpm --filter @hallpass/web screenshots`.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launchChromium } from "./support/chromium.mjs";
import { startDemoServer } from "./support/demo-server.mjs";

const folder = fileURLToPath(new URL("../../../docs/images/", import.meta.url));
const list = "/settings/api-tokens";

/** @typedef {import("playwright-core").Page} Page */

/** @type {Record<string, (page: Page) => Promise<unknown>>} */
const pictures = {
  async list(page) {
    await page.goto(list);
    await page.getByRole("link", { name: "Partner dashboard" }).waitFor();
  },
  async details(page) {
    await page.goto(list);
    await page.getByRole("link", { name: "Partner dashboard" }).click();
    await page.getByRole("button", { name: "Show API token" }).waitFor();
  },
  async add(page) {
    await page.goto(`${list}/add`);
    await page.getByLabel("API token name").fill("Order sync, second warehouse");
    await page.getByRole("dialog").getByRole("button", { name: "Next" }).click();
    await page.getByRole("checkbox", { name: /^Catalogue/ }).check();
    await page.getByRole("checkbox", { name: /^Orders/ }).check();
  },
  async "audit-trail"(page) {
    await page.goto("/settings/audit-trail");
    await page
      .getByRole("link", { name: /^View details/ })
      .first()
      .waitFor();
  },
  async "list-dark"(page) {
    await page.emulateMedia({ colorScheme: "dark" });
    await pictures.list?.(page);
  },
};

/** @param {Page} page */
async function signIn(page) {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill("sarah@northwind.example");
  await page.getByLabel("Password").fill("hallpass-demo");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "API tokens" }).waitFor();
}

/** @param {Page} page */
async function settle(page) {
  await page.mouse.move(640, 790);
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  await page.waitForLoadState("networkidle");
}

// The same endpoint as after `npm start`.
const [server, browser] = await Promise.all([
  startDemoServer({ API_ENDPOINT: "http://127.0.0.1:4000/graphql" }),
  launchChromium(),
]);
try {
  await mkdir(folder, { recursive: true });
  const page = await browser.newPage({
    baseURL: server.url,
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/Zurich",
    reducedMotion: "reduce",
  });
  await signIn(page);
  for (const [name, show] of Object.entries(pictures)) {
    await show(page);
    await settle(page);
    await page.screenshot({ path: `${folder}${name}.png` });
  }
} finally {
  await Promise.all([browser.close(), server.stop()]);
}
