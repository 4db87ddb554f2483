import type { Page } from "playwright-core";
import { eventually } from "./support/eventually";
import { addToken, people, startHallpass } from "./support/hallpass";
import { list, pathOf, rowOf } from "./support/pages";
import { authorize } from "./support/program";
import { tracesOf } from "./support/traces";

const app = startHallpass();

const logo = {
  name: "logo.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==",
    "base64",
  ),
};

const shown = (page: Page) => page.getByTestId("token-value").textContent();
const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

/** Opens the Add dialog from the list and completes all four steps. */
async function addThroughTheDialog(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Add" }).click();
  const dialog = page.getByRole("dialog", { name: "Add API token" });
  const next = dialog.getByRole("button", { name: "Next" });
  await page.getByLabel("API token name").fill(name);
  await page.getByLabel("Description").fill("Made by the end-to-end tests.");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose image" }).click(),
  ]);
  await chooser.setFiles(logo);
  await page.getByRole("button", { name: "Remove logo" }).waitFor();
  await next.click();
  await page.getByRole("heading", { name: "Modules" }).waitFor();
  await page.getByRole("checkbox", { name: /^Catalogue/ }).check();
  await page.getByRole("checkbox", { name: /^Orders/ }).check();
  await next.click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.getByRole("heading", { name: "2 modules" }).waitFor();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText(/has been added and is active/).waitFor();
}

describe("Add dialog", () => {
  test("Completing the four steps adds a token and lists it with its logo", async () => {
    const page = await app.open(list, { as: people.sarah });
    await addThroughTheDialog(page, "Robot with a face");
    await page.getByRole("button", { name: "Close" }).last().click();
    const row = rowOf(page, "Robot with a face");
    await row.getByRole("gridcell", { name: "Active" }).waitFor();
    await row.getByRole("gridcell", { name: "2 modules" }).waitFor();
    await row.getByRole("gridcell", { name: "Sarah Sanderson" }).waitFor();
    await row.getByRole("gridcell", { name: "Never" }).waitFor();
    // Decorative beside the name, so it has no role. The server scales logos to 128 × 128.
    await eventually(() => row.locator("img").evaluate((img) => (img as HTMLImageElement).naturalWidth), 128);
  });

  test("Missing input shows an error on its step, and going back keeps the name", async () => {
    const page = await app.open(`${list}/add`, { as: people.sarah });
    const next = page.getByRole("dialog").getByRole("button", { name: "Next" });
    await next.click();
    await page.getByText("Enter a name.").waitFor();
    await page.getByLabel("API token name").fill("Kept");
    await next.click();
    await page.getByRole("heading", { name: "Modules" }).waitFor();
    await next.click();
    await page.getByText("Select at least one module.").waitFor();
    await page.getByRole("button", { name: "Back" }).click();
    expect(await page.getByLabel("API token name").inputValue()).toBe("Kept");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Discard changes?" }).waitFor();
    await page.getByRole("button", { name: "Discard" }).click();
    await eventually(() => page.getByRole("dialog").count(), 0);
    expect(pathOf(page)).toBe(list);
  });

  test("A new value can be copied without being shown, and closing leaves no trace of it", async () => {
    const page = await app.open(list, { as: people.sarah });
    await addThroughTheDialog(page, "Handed over");
    await page.getByRole("button", { name: "Copy API token" }).click();
    await page
      .getByRole("status")
      .filter({ hasText: /^Copied$/ })
      .waitFor();
    const value = await copied(page);
    expect(value).toMatch(/^hp_\d{8}_[0-9A-Za-z]{38}$/);
    expect(await authorize(app.server.url, value, "?module=MOD-1310&module=MOD-1320")).toBe(200);
    expect((await tracesOf(page, value)).page).toBe(false);

    await page.getByRole("button", { name: "Show API token" }).click();
    await eventually(() => shown(page), value);
    await page.getByRole("link", { name: "View details" }).click();
    await page.getByRole("heading", { name: "Handed over", level: 1 }).waitFor();
    expect(await tracesOf(page, value)).toEqual(nowhere);
  });
});

const nowhere = { page: false, apolloCache: false, storage: false, url: false };

describe("Token value", () => {
  async function openToken(name: string, ownClock = false) {
    const page = await app.open(list, { as: people.sarah, ownClock });
    const token = await addToken(page, name, ["MOD-1310"]);
    await page.goto(`${list}/${token.id}`);
    await page.getByRole("button", { name: "Show API token" }).waitFor();
    return { page, token };
  }

  async function show(page: Page, value: string) {
    await page.getByRole("button", { name: "Show API token" }).click();
    await eventually(() => shown(page), value);
  }

  test("A value can be copied without being shown or stored", async () => {
    const { page, token } = await openToken("Only copied");
    await page.getByRole("button", { name: "Copy API token" }).click();
    await eventually(() => copied(page), token.value);
    expect(await tracesOf(page, token.value)).toEqual(nowhere);
    expect(await authorize(app.server.url, token.value)).toBe(200);
  });

  test("A value is hidden after 30 seconds", async () => {
    const { page, token } = await openToken("Shown", true);
    const masked = await shown(page);
    await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
    await show(page, token.value);
    expect((await tracesOf(page, token.value)).page).toBe(true);
    await page.clock.fastForward(28_000);
    expect(await shown(page)).toBe(token.value);
    await page.clock.fastForward(2_500);
    await eventually(() => shown(page), masked);
    expect(await tracesOf(page, token.value)).toEqual(nowhere);
  });

  test("A value can be hidden by hand, and is hidden on leaving the tab", async () => {
    const { page, token } = await openToken("Left");
    const masked = await shown(page);
    await show(page, token.value);
    await page.getByRole("button", { name: "Hide API token" }).click();
    await eventually(() => shown(page), masked);
    await show(page, token.value);
    await page.getByRole("tab", { name: "Modules" }).click();
    await page.getByRole("table", { name: "Modules" }).waitFor();
    expect(await tracesOf(page, token.value)).toEqual(nowhere);
    await page.getByRole("tab", { name: "General" }).click();
    await eventually(() => shown(page), masked);
  });

  test("A value is hidden when the window is hidden", async () => {
    const { page, token } = await openToken("Minimised");
    await show(page, token.value);
    // A headless window is never hidden, so the test simulates it.
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await page.getByRole("button", { name: "Show API token" }).waitFor();
    expect(await tracesOf(page, token.value)).toEqual(nowhere);
  });

  test("Showing a value adds an audit record", async () => {
    const { page, token } = await openToken("Watched");
    await show(page, token.value);
    await page.getByRole("tab", { name: "Audit trail" }).click();
    await page
      .getByRole("row", { name: /Sarah Sanderson/ })
      .filter({ hasText: /show|reveal|saw/i })
      .first()
      .waitFor();
    expect(await tracesOf(page, token.value)).toEqual(nowhere);
  });
});
