import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { eventually } from "./support/eventually";
import { addToken, people, startHallpass } from "./support/hallpass";
import { list, pathOf, rowOf } from "./support/pages";

const app = startHallpass();

const openList = (query = "") => app.open(`${list}${query}`, { as: people.sarah });

/** Counts the clicks and key presses of a person on a page from now on. */
async function countHands(page: Page) {
  await page.evaluate(() => {
    const hands = { clicks: 0, keys: 0 };
    Object.assign(window, { hands });
    // Clicks by keyboard have no detail.
    const click = ({ detail }: MouseEvent) => {
      if (detail > 0) hands.clicks++;
    };
    addEventListener("click", click, { capture: true });
    addEventListener("keydown", () => void hands.keys++, { capture: true });
  });
  return (): Promise<{ clicks: number; keys: number }> =>
    page.evaluate(() => (window as unknown as { hands: { clicks: number; keys: number } }).hands);
}

type Token = Awaited<ReturnType<typeof addToken>>;

const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
const isFocused = (page: Page, name: string) =>
  eventually(
    () => page.getByRole("link", { name, exact: true }).evaluate((element) => element === document.activeElement),
    true,
  );

describe("An administrator’s tasks", () => {
  test("Creating a token and copying its value takes five clicks", async () => {
    const page = await openList();
    const hands = await countHands(page);
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByLabel("API token name").fill("Five clicks");
    await page.keyboard.press("Enter");
    await page.getByRole("checkbox", { name: /^Orders/ }).check();
    const dialog = page.getByRole("dialog", { name: "Add API token" });
    await dialog.getByRole("button", { name: "Next" }).click();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByRole("button", { name: "Copy API token" }).click();
    await eventually(async () => /^hp_\d{8}_/.test(await clipboard(page)), true);
    expect(await hands()).toEqual({ clicks: 5, keys: 1 });
  });

  test("From a prefilled link, it takes two", async () => {
    const page = await openList("/add?name=Two+clicks&modules=MOD-1310&expires=30d&description=From+the+docs");
    const dialog = page.getByRole("dialog", { name: "Add API token" });
    await dialog.getByRole("heading", { name: "Overview" }).waitFor();
    const hands = await countHands(page);
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByRole("button", { name: "Copy API token" }).click();
    await eventually(async () => /^hp_\d{8}_/.test(await clipboard(page)), true);
    expect(await hands()).toEqual({ clicks: 2, keys: 0 });
  });

  test("Disabling a token takes three clicks, and undoing it one", async () => {
    const page = await openList();
    await addToken(page, "Wrong one", ["MOD-1310"]);
    await page.reload();
    const row = rowOf(page, "Wrong one");
    await row.waitFor();
    const hands = await countHands(page);
    await row.getByRole("button", { name: "Actions for Wrong one" }).click();
    await page.getByRole("menuitem", { name: "Disable" }).click();
    const question = page.getByRole("dialog", { name: "Disable Wrong one?" });
    await question.getByText("Never used").waitFor();
    await question.getByRole("button", { name: "Disable" }).click();
    await row.getByRole("gridcell", { name: "Disabled" }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await row.getByRole("gridcell", { name: "Active" }).waitFor();
    await page.getByText("Undone. 1 API token is active again.").waitFor();
    expect(await hands()).toEqual({ clicks: 4, keys: 0 });
  });

  test("Disabling thirty unused tokens takes six clicks", async () => {
    const page = await openList();
    for (let number = 1; number <= 30; number++) await addToken(page, `Unused ${number}`, ["MOD-1310"]);
    await page.goto(`${list}?rows=10`);
    await page.getByText(/^1-10 of/).waitFor();
    const hands = await countHands(page);
    await page.getByRole("button", { name: "All API tokens" }).click();
    await page.getByRole("button", { name: "Never used" }).click();
    await eventually(() => pathOf(page), `${list}?sort=createdAt&filter=neverUsed.is(true)`);
    await page.getByRole("checkbox", { name: "Select all rows on this page" }).check();
    const bar = page.getByRole("toolbar", { name: "Selected API tokens" });
    await bar.getByRole("button", { name: /^Select all \d+/ }).click();
    await bar.getByText(/^[3-9]\d selected$/).waitFor();
    await bar.getByRole("button", { name: "Disable" }).click();
    const question = page.getByRole("dialog", { name: /^Disable \d+ API tokens\?$/ });
    await question.getByText("None of them has ever been used").waitFor();
    await question.getByRole("button", { name: "Disable" }).click();
    await page.getByText(/^[3-9]\d API tokens are disabled\.$/).waitFor();
    expect(await hands()).toEqual({ clicks: 6, keys: 0 });
    await eventually(() => page.getByRole("gridcell", { name: "Active" }).count(), 0);
  });

  test("The fifth row is six keys away", async () => {
    const page = await openList("?sort=name");
    await page.getByText(/^1-10 of/).waitFor();
    const fifth = (await page.getByRole("grid").getByRole("link").allTextContents())[4] ?? "";
    const hands = await countHands(page);
    for (const key of ["/", "Tab", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
    await isFocused(page, fifth);
    expect(await hands()).toEqual({ clicks: 0, keys: 6 });
  });

  /** What each task takes, from the list or the page of a token called Task. */
  const tasks: [string, { clicks: number; keys: number }, (page: Page, token: Token) => Promise<unknown>][] = [
    [
      "Finding the token of a value",
      { clicks: 0, keys: 3 },
      async (page, { value }) => {
        await page.evaluate((text) => navigator.clipboard.writeText(text), value);
        await page.keyboard.press("/");
        await page.keyboard.press("Control+v");
        await page.getByText("1 row", { exact: true }).waitFor();
      },
    ],
    [
      "Seeing when, from where and by what a token was last used",
      { clicks: 1, keys: 0 },
      async (page) => {
        await page.getByRole("link", { name: "Task", exact: true }).click();
        await page.getByText("127.0.0.1").first().waitFor();
      },
    ],
    [
      "Renaming a token",
      { clicks: 3, keys: 8 },
      async (page) => {
        await page.getByRole("button", { name: "Actions for Task" }).click();
        await page.getByRole("menuitem", { name: "Edit" }).click();
        await page.getByLabel("API token name").press("End");
        await page.keyboard.type(" second");
        await page.getByRole("button", { name: "Save", exact: true }).click();
        await page.getByText("Task second is saved.").waitFor();
      },
    ],
    [
      "Showing a value",
      { clicks: 2, keys: 0 },
      async (page) => {
        await page.getByRole("link", { name: "Task", exact: true }).click();
        await page.getByRole("button", { name: "Show API token" }).click();
        await page.getByRole("button", { name: "Hide API token" }).waitFor();
      },
    ],
    [
      "Rotating a token and copying the new value",
      { clicks: 4, keys: 0 },
      async (page) => {
        await page.getByRole("button", { name: "Actions for Task" }).click();
        await page.getByRole("menuitem", { name: "Rotate" }).click();
        const dialog = page.getByRole("dialog", { name: "Rotate Task" });
        await dialog.getByRole("button", { name: "Rotate" }).click();
        await page.getByRole("button", { name: "Copy API token" }).click();
      },
    ],
    [
      "Exporting the list",
      { clicks: 1, keys: 0 },
      async (page) => {
        await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("button", { name: "Export", exact: true }).click(),
        ]);
      },
    ],
    [
      "Saving a view",
      { clicks: 2, keys: 5 },
      async (page) => {
        await page.getByRole("button", { name: "Unsaved view" }).click();
        await page.getByRole("textbox", { name: "View name" }).click();
        await page.keyboard.type("Mine");
        await page.keyboard.press("Enter");
        await page.getByRole("button", { name: "Edit view Mine" }).waitFor();
      },
    ],
  ];

  test.each(tasks)("%s takes %j", async (_, expected, work) => {
    const page = await app.open(`${list}?q=Task&sort=-createdAt`, { as: people.sarah, fresh: true });
    const token = await addToken(page, "Task", ["MOD-1310"]);
    await page.context().request.get("/authorize", { headers: { Authorization: `Bearer ${token.value}` } });
    await page.goto(`${list}?q=${token.id}&rows=5`);
    await rowOf(page, "Task").waitFor();
    const hands = await countHands(page);
    await work(page, token);
    expect(await hands()).toEqual(expected);
  });

  test("Switching the account takes two clicks", async () => {
    // Not Sarah: she would start in the other account from then on.
    const page = await app.open(list, { as: people.reto, fresh: true });
    const menu = page.getByRole("button", { name: /^Fabrikam Cloud/ });
    await menu.waitFor();
    const hands = await countHands(page);
    await menu.click();
    await page.getByRole("menuitemradio", { name: /Northwind Traders/ }).click();
    await page.getByRole("button", { name: /^Northwind Traders/ }).waitFor();
    expect(await hands()).toEqual({ clicks: 2, keys: 0 });
  });

  test("The command palette finds a token and rotates it", async () => {
    const page = await app.open("/settings/audit-trail", { as: people.sarah });
    await page.getByRole("heading", { name: "Audit trail" }).waitFor();
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByRole("combobox", { name: "Search tokens and commands" }).waitFor();
    await page.keyboard.type("order s");
    await page.getByRole("option", { name: /Order sync/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.type("rot");
    await page.getByRole("option", { name: "Rotate", selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Rotate Order sync" }).getByRole("button", { name: "Cancel" }).click();
  });

  test("A value that is pasted into the search never leaves the page", async () => {
    const page = await openList();
    const { value, id } = await addToken(page, "Leaked somewhere", ["MOD-1310"]);
    const sent: string[] = [];
    page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
    await page.evaluate((text) => navigator.clipboard.writeText(text), value);
    await page.getByRole("searchbox").focus();
    await page.keyboard.press("ControlOrMeta+v");
    await page.getByText("1 row", { exact: true }).waitFor();
    await rowOf(page, "Leaked somewhere").waitFor();
    expect(pathOf(page)).toBe(`${list}?q=${id}`);
    expect(sent.join("\n")).toContain(id);
    expect(sent.join("\n")).not.toContain(value.slice(12));
  });

  test("Deleting a token in use asks to type its name", async () => {
    const page = await openList();
    const { value } = await addToken(page, "Busy", ["MOD-1310"]);
    await page.reload();
    const check = await page.context().request.get("/authorize", { headers: { Authorization: `Bearer ${value}` } });
    expect(check.status()).toBe(200);
    await rowOf(page, "Busy").getByRole("button", { name: "Actions for Busy" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const question = page.getByRole("dialog", { name: "Delete Busy?" });
    await question.getByText(/^Last used just now from 127\.0\.0\.1/).waitFor();
    await question.getByRole("button", { name: "Delete" }).click();
    await question.getByText("Type “Busy” exactly as shown.").waitFor();
    await question.getByRole("textbox").fill("Busy");
    await question.getByRole("button", { name: "Delete" }).click();
    await page.getByText("Busy is deleted.").waitFor();
  });

  test("Changes made by others appear by themselves", async () => {
    const page = await openList();
    const { id } = await addToken(page, "Watched", ["MOD-1310"]);
    await page.reload();
    await rowOf(page, "Watched").getByRole("gridcell", { name: "Active" }).waitFor();
    const other = await app.open(`${list}/${id}`, { as: people.sarah, fresh: true });
    await other.getByRole("button", { name: "Actions for Watched" }).click();
    await other.getByRole("menuitem", { name: "Disable" }).click();
    await other.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
    await rowOf(page, "Watched").getByRole("gridcell", { name: "Disabled" }).waitFor();
    await addToken(page, "Added meanwhile", ["MOD-1310"]);
    await page.getByRole("button", { name: "Refresh: the list has changed" }).click();
    await rowOf(page, "Added meanwhile").waitFor();
  });

  test("The list is exported as it is filtered, with all its pages", async () => {
    const page = await openList("?q=Robot&rows=5&columns=name,status,actions");
    await page.getByText(/ of 3 rows$/).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export", exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("api-tokens-ACC-0001-0002.csv");
    const text = await readFile(await download.path(), "utf8");
    const [head, ...rows] = text.trimEnd().split("\r\n");
    expect(head).toBe("\uFEFFID,API token,Status");
    expect(rows.map((row) => row.split(",").slice(1))).toEqual([
      ["Robot 3", "ACTIVE"],
      ["Robot 2", "ACTIVE"],
      ["Robot 1", "ACTIVE"],
    ]);
  });

  test("Loaded rows stay when the server fails", async () => {
    app.allowFault(/Failed to load resource|net::ERR_FAILED/);
    const page = await openList("?q=Order+sync");
    await rowOf(page, "Order sync").waitFor();
    await page.route("**/graphql", (route) => route.abort());
    await page.getByRole("button", { name: "Refresh" }).click();
    await page
      .getByRole("alert")
      .getByText(/These rows were loaded earlier/)
      .waitFor();
    await rowOf(page, "Order sync").waitFor();
    await page.unroute("**/graphql");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("alert").waitFor({ state: "detached" });
  });
});
