import type { Page } from "playwright-core";
import { applyPlatform } from "./support/apply-platform";
import { eventually } from "./support/eventually";
import { people, startHallpass } from "./support/hallpass";
import { list, namesShown, pathOf, rowOf } from "./support/pages";

const app = startHallpass();
const northwind = "ACC-0001-0002";
const fabrikam = "ACC-0001-0003";
const onePixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** Two tabs of one browser: the first shows Northwind Traders, the second has switched to Fabrikam Cloud. */
async function twoTabs(): Promise<[Page, Page]> {
  const first = await app.open(list, { as: people.sarah, fresh: true });
  await switchTo(first, "Northwind Traders");
  await first.getByRole("link", { name: "Order sync" }).waitFor();
  const second = await first.context().newPage();
  await second.goto(list);
  await switchTo(second, "Fabrikam Cloud");
  await second.getByRole("link", { name: "Fulfilment service" }).waitFor();
  return [first, second];
}

async function switchTo(page: Page, account: string) {
  await page.getByRole("button", { name: /Northwind Traders|Fabrikam Cloud/ }).click();
  await page.getByRole("menuitemradio", { name: new RegExp(account) }).click();
  await page.getByRole("button", { name: new RegExp(account) }).waitFor();
}

/** Fills in the dialog up to its last step. Returns its Add button. */
async function fillIn(page: Page, name: string) {
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Add API token" });
  await dialog.getByLabel("API token name").fill(name);
  await dialog.locator("input[type=file]").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: onePixel });
  await dialog.getByRole("button", { name: "Remove logo" }).waitFor();
  await dialog.getByRole("button", { name: "Next" }).click();
  await dialog.getByRole("checkbox", { name: /^Catalogue/ }).check();
  await dialog.getByRole("button", { name: "Next" }).click();
  return dialog.getByRole("button", { name: "Add", exact: true });
}

async function addAndClose(page: Page, name: string) {
  await (await fillIn(page, name)).click();
  const dialog = page.getByRole("dialog", { name: "Add API token" });
  await dialog.getByText("has been added and is active").waitFor();
  await dialog.getByText("Close", { exact: true }).click();
  await rowOf(page, name).waitFor();
}

const roles = (...accounts: string[]) => ({
  users: [
    {
      id: "USR-1234-1210",
      name: "Sarah Sanderson",
      email: people.sarah,
      roles: Object.fromEntries(accounts.map((account) => [account, "ADMIN"])),
    },
  ],
});

describe("Two tabs with different accounts", () => {
  test("Each tab adds tokens to its own account and shows their logos", async () => {
    const [first, second] = await twoTabs();
    await addAndClose(first, "Added in the first tab");
    await addAndClose(second, "Added in the second tab");
    for (const [page, own, other] of [
      [first, "Added in the first tab", "Added in the second tab"],
      [second, "Added in the second tab", "Added in the first tab"],
    ] as const) {
      await page.getByRole("button", { name: "Refresh" }).click();
      const names = await namesShown(page);
      expect(names).toContain(own);
      expect(names).not.toContain(other);
      const logo = rowOf(page, own).locator("img");
      await eventually(() => logo.evaluate((image: HTMLImageElement) => image.naturalWidth > 0), true);
    }
    await first.getByRole("button", { name: /Northwind Traders/ }).waitFor();
  });

  test("Each tab exports its own audit trail", async () => {
    for (const [page, account] of (await twoTabs()).map(
      (page, index) => [page, [northwind, fabrikam][index]] as const,
    )) {
      await page.getByRole("link", { name: "Audit trail" }).click();
      await page.getByRole("heading", { name: "Audit trail", level: 1 }).waitFor();
      // Wait for the rows: rendering them would close the menu.
      await page.getByText(/^1-\d+ of [\d,]+ rows$/).waitFor();
      await page.getByRole("button", { name: "Export", exact: true }).click();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: /^JSON lines/ }).click(),
      ]);
      expect(file.suggestedFilename()).toBe(`audit-trail-${account}.jsonl`);
    }
  });

  test("Each tab keeps its account after the user signs in again", async () => {
    const [first, second] = await twoTabs();
    app.allowFault(/status of 401/);
    await first.context().clearCookies();
    await first.getByRole("button", { name: "Refresh" }).click();
    const dialog = first.getByRole("dialog", { name: "Your session has ended" });
    await dialog.getByLabel("Email").fill(people.sarah);
    await dialog.getByLabel("Password").fill("hallpass-demo");
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await dialog.waitFor({ state: "detached" });
    await rowOf(first, "Order sync").waitFor();
    await second.getByRole("button", { name: "Refresh" }).click();
    await second.getByRole("grid", { name: "API tokens" }).and(second.locator("[aria-busy=false]")).waitFor();
    expect(await namesShown(second)).toContain("Fulfilment service");
  });
});

describe("Account in the URL", () => {
  test("Links open side by side in their accounts, whichever the session is in", async () => {
    const first = await app.open(`/${northwind}${list}`, { as: people.sarah, fresh: true });
    const second = await first.context().newPage();
    await second.goto(`/${fabrikam}${list}`);
    await second.getByRole("link", { name: "Fulfilment service" }).click();
    await second.getByRole("heading", { name: "Fulfilment service", level: 1 }).waitFor();
    expect(new URL(second.url()).pathname).toMatch(new RegExp(`^/${fabrikam}${list}/TKN-`));
    await first.getByRole("link", { name: "Order sync" }).click();
    await first.getByRole("heading", { name: "Order sync", level: 1 }).waitFor();
    await second.reload();
    await second.getByRole("heading", { name: "Fulfilment service", level: 1 }).waitFor();
  });

  test("A link to another account’s token says who may open it", async () => {
    app.allowFault(/status of 403/);
    const page = await app.open(`/ACC-9999-9999${list}/TKN-1234-5678`, { as: people.sarah, fresh: true });
    await page.getByRole("heading", { name: "You don’t have access to this account" }).waitFor();
    await page.getByRole("link", { name: "Fabrikam Cloud" }).click();
    await page.getByRole("link", { name: "Fulfilment service" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/${fabrikam}${list}`);
  });
});

describe("Role-removed dialog", () => {
  afterEach(() => applyPlatform(app.server.dataDir, roles(northwind, fabrikam)));

  test("A restored role closes the dialog and keeps the input", async () => {
    const [page] = await twoTabs();
    const addButton = await fillIn(page, "Waits for the role");
    await applyPlatform(app.server.dataDir, roles(fabrikam));
    app.allowFault(/status of 403/);
    await addButton.click();
    const dialog = page.getByRole("dialog", { name: "You no longer have access to Northwind Traders" });
    await dialog.getByRole("button", { name: "Try again" }).click();
    await dialog.getByRole("alert").getByText("You have no role in this account.").waitFor();
    await applyPlatform(app.server.dataDir, roles(northwind, fabrikam));
    await dialog.getByRole("button", { name: "Try again" }).click();
    await dialog.waitFor({ state: "detached" });
    await addButton.click();
    await page.getByRole("dialog").getByText("has been added and is active").waitFor();
  });

  test("Switching to another account shows its tokens and closes the dialog", async () => {
    const [page] = await twoTabs();
    app.allowFault(/status of 403/);
    await applyPlatform(app.server.dataDir, roles(fabrikam));
    // The list refreshes every ten seconds, so the dialog opens by itself.
    await page.getByRole("button", { name: "Switch to Fabrikam Cloud" }).click();
    await page.getByRole("link", { name: "Fulfilment service" }).waitFor();
    await eventually(() => page.getByRole("dialog").count(), 0);
    expect(pathOf(page)).toBe(list);
  });
});
