import type { Page } from "playwright-core";
import { faultsOfLook } from "./support/accessibility";
import { alterRecord } from "./support/alter-record";
import { people, startHallpass } from "./support/hallpass";
import { list } from "./support/pages";

const app = startHallpass();

/** What is looked at, the URL where it begins, and the way from there. */
type State = [string, string, (page: Page) => Promise<unknown>];

const tool = (name: string) => async (page: Page) => {
  await page.getByRole("link", { name: "Order sync" }).waitFor();
  await page.getByRole("button", { name, exact: true }).click();
};

const states: State[] = [
  ["the list", list, (page) => page.getByRole("link", { name: "Order sync" }).waitFor()],
  [
    "the list with all its tools in use",
    `${list}?rows=5&sort=-status,name&width=content&filter=status.anyOf(ACTIVE)`,
    (page) => page.getByText("1-5 of 9 rows").waitFor(),
  ],
  ["a list without a match", `${list}?q=none`, (page) => page.getByText("0 of 0 rows").waitFor()],
  ["an invalid URL", `${list}?sort=nonsense`, (page) => page.getByText("Part of this URL isn’t valid").waitFor()],
  [
    "the views",
    list,
    async (page) => {
      await tool("Default view")(page);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("Enter a name.").waitFor();
    },
  ],
  [
    "the sorting",
    `${list}?sort=-status,name`,
    async (page) => {
      await page.getByRole("button", { name: /^Sort/ }).click();
      await page.getByLabel("Then by").waitFor();
    },
  ],
  [
    "the filter",
    list,
    async (page) => {
      await tool("Filter")(page);
      await page.getByRole("button", { name: "Add group" }).click();
      await page.getByLabel("Filter by").last().selectOption({ label: "Modules" });
      await page.getByRole("checkbox", { name: /^Orders/ }).waitFor();
      await page.getByRole("button", { name: "Apply" }).click();
      await page.getByText("Select at least one option.").waitFor();
    },
  ],
  [
    "the columns",
    list,
    async (page) => {
      await tool("Columns")(page);
      await page.getByRole("radio", { name: "Fit to screen" }).waitFor();
    },
  ],
  [
    "a column's menu",
    list,
    async (page) => {
      await page.getByRole("columnheader", { name: "Date created" }).getByRole("button").click();
      await page.getByRole("menuitem", { name: "Sort ascending" }).waitFor();
    },
  ],
  [
    "a token's actions",
    list,
    async (page) => {
      await page.getByRole("button", { name: "Actions for Order sync" }).click();
      await page.getByRole("menuitem", { name: "Disable" }).waitFor();
    },
  ],
  [
    "the account's menu",
    list,
    async (page) => {
      await page.getByRole("button", { name: /Northwind Traders/ }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    },
  ],
  ["the audit trail", "/settings/audit-trail", (page) => page.getByText(/^1-10 of \d+ rows$/).waitFor()],
  [
    "the audit trail's filter",
    "/settings/audit-trail",
    async (page) => {
      await page.getByText(/^1-10 of \d+ rows$/).waitFor();
      await page.getByRole("button", { name: "Filter" }).click();
      await page.getByRole("button", { name: "Apply" }).waitFor();
    },
  ],
  [
    "a record",
    "/settings/audit-trail",
    async (page) => {
      await page
        .getByRole("link", { name: /^View details/ })
        .first()
        .click();
      await page.getByRole("button", { name: "Copy record" }).waitFor();
    },
  ],
  [
    "the audit trail's export",
    "/settings/audit-trail",
    async (page) => {
      await page.getByRole("button", { name: "Export" }).click();
      await page.getByRole("menuitem", { name: /^CSV/ }).waitFor();
    },
  ],
  [
    "a verification that went well",
    "/settings/audit-trail",
    async (page) => {
      await page.getByRole("button", { name: "Verify" }).click();
      const dialog = page.getByRole("dialog", { name: "Verify the audit trail" });
      await dialog.getByRole("button", { name: "Verify" }).click();
      await dialog.getByRole("button", { name: "Copy head" }).waitFor();
    },
  ],
  [
    "a verification that names a record",
    "/settings/audit-trail",
    async (page) => {
      alterRecord(app.server.dataDir, { account: "ACC-0001-0002", sequence: 7 });
      await page.getByRole("button", { name: "Verify" }).click();
      const dialog = page.getByRole("dialog", { name: "Verify the audit trail" });
      await dialog.getByRole("button", { name: "Verify" }).click();
      await dialog.getByRole("link", { name: "View record 7" }).waitFor();
    },
  ],
  ["a page that does not exist", "/settings/nothing", (page) => page.getByText("Page not found").waitFor()],
];

describe("axe finds nothing, and nothing scrolls sideways at 320 px, on", () => {
  it.each(states)("%s", async (_, path, go) => {
    const page = await app.open(path, { as: people.sarah });
    await go(page);
    expect(await faultsOfLook(page)).toEqual([]);
  });
});
