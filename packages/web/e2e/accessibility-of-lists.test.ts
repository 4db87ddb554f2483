import type { Page } from "playwright-core";
import { faultsOfLook } from "./support/accessibility";
import { alterRecord } from "./support/alter-record";
import { people, startHallpass } from "./support/hallpass";
import { list } from "./support/pages";

const app = startHallpass();

/** What to check, the URL to open, and the steps from there. */
type State = [string, string, (page: Page) => Promise<unknown>];

const tool = (name: string) => async (page: Page) => {
  await page.getByRole("link", { name: "Order sync" }).waitFor();
  await page.getByRole("button", { name, exact: true }).click();
};

async function editSharedView(page: Page) {
  await page.getByRole("toolbar", { name: "API tokens, tools" }).getByRole("button").first().click();
  await page.getByRole("textbox", { name: "View name" }).waitFor();
  const edit = page.getByRole("button", { name: "Edit view Ours" });
  if (!(await edit.count())) {
    await page.getByRole("textbox", { name: "View name" }).fill("Ours");
    await page.getByRole("checkbox", { name: "Share with everyone in the account" }).check();
    await page.getByRole("button", { name: "Save", exact: true }).click();
  }
  await edit.click();
}

const states: State[] = [
  ["The list", list, (page) => page.getByRole("link", { name: "Order sync" }).waitFor()],
  [
    "The list with every tool in use",
    `${list}?rows=5&sort=-status,name&width=content&filter=status.anyOf(ACTIVE)`,
    (page) => page.getByText("1-5 of 9 rows").waitFor(),
  ],
  [
    "The list with selected rows",
    list,
    async (page) => {
      await page.getByRole("checkbox", { name: "Select Order sync" }).check();
      await page.getByRole("toolbar", { name: "Selected API tokens" }).waitFor();
    },
  ],
  [
    "The question about selected rows in use",
    list,
    async (page) => {
      await page.getByRole("checkbox", { name: "Select all rows on this page" }).check();
      await page.getByRole("toolbar", { name: "Selected API tokens" }).getByRole("button", { name: "Delete" }).click();
      await page.getByText(/To delete all/).waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByText(/exactly as shown/).waitFor();
    },
  ],
  [
    "The question about a token in use",
    list,
    async (page) => {
      await page.getByRole("button", { name: "Actions for Order sync" }).click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      await page.getByText(/^Last used/).waitFor();
    },
  ],
  [
    "The offer to undo",
    `${list}?q=Robot+1`,
    async (page) => {
      await page.getByRole("button", { name: "Actions for Robot 1" }).click();
      await page.getByRole("menuitem", { name: /^(Dis|En)able/ }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /^(Dis|En)able/ })
        .click();
      await page.getByRole("button", { name: "Undo" }).focus();
    },
  ],
  [
    "The command palette",
    list,
    async (page) => {
      await page.getByRole("button", { name: /^Search or jump to/ }).click();
      await page.getByRole("combobox", { name: "Search tokens and commands" }).fill("o");
      await page.getByRole("option", { name: /Order sync/ }).waitFor();
    },
  ],
  [
    "The keyboard shortcuts",
    list,
    async (page) => {
      await page.getByRole("link", { name: "Order sync" }).waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    },
  ],
  [
    "A prefilled form",
    `${list}/add?name=Order+sync&modules=MOD-1310,MOD-9999&expires=14d`,
    (page) => page.getByText("Not enabled for this account").waitFor(),
  ],
  ["A list without matches", `${list}?q=none`, (page) => page.getByText("0 of 0 rows").waitFor()],
  ["An invalid URL", `${list}?sort=nonsense`, (page) => page.getByText("Part of this URL isn’t valid").waitFor()],
  [
    "The views panel",
    list,
    async (page) => {
      await tool("All API tokens")(page);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("Enter a name.").waitFor();
    },
  ],
  [
    "A shared view being edited",
    `${list}?rows=5`,
    async (page) => {
      await editSharedView(page);
      await page.getByRole("checkbox", { name: "Open the list in this view" }).waitFor();
    },
  ],
  [
    "The question before a view is deleted",
    `${list}?rows=20`,
    async (page) => {
      await editSharedView(page);
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByText("Everyone in the account loses it").waitFor();
    },
  ],
  [
    "The sort panel",
    `${list}?sort=-status,name`,
    async (page) => {
      await page.getByRole("button", { name: /^Sort/ }).click();
      await page.getByLabel("Then by").waitFor();
    },
  ],
  [
    "The filter panel",
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
    "The columns panel",
    list,
    async (page) => {
      await tool("Columns")(page);
      await page.getByRole("radio", { name: "Fit to screen" }).waitFor();
    },
  ],
  [
    "A column menu",
    list,
    async (page) => {
      await page.getByRole("columnheader", { name: "Date created" }).getByRole("button").click();
      await page.getByRole("menuitem", { name: "Sort ascending" }).waitFor();
    },
  ],
  [
    "The actions menu",
    list,
    async (page) => {
      await page.getByRole("button", { name: "Actions for Order sync" }).click();
      await page.getByRole("menuitem", { name: "Disable" }).waitFor();
    },
  ],
  [
    "The account menu",
    list,
    async (page) => {
      await page.getByRole("button", { name: /Northwind Traders/ }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    },
  ],
  ["The profile", "/settings/profile", (page) => page.getByText("This browser", { exact: true }).waitFor()],
  [
    "Webhooks, with the secret of a new one",
    "/settings/webhooks",
    async (page) => {
      await page.getByRole("button", { name: "Add webhook" }).click();
      await page.getByLabel("URL").fill("https://hooks.example/");
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByText("whsec_").waitFor();
    },
  ],
  ["Webhooks", "/settings/webhooks", (page) => page.getByText("Nothing was sent yet.").first().waitFor()],
  [
    "The policy, rejected",
    "/settings/policy",
    async (page) => {
      await page.getByLabel("Maximum lifetime in days").fill("many");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Enter 1 to 3,650 days.").waitFor();
    },
  ],
  ["The audit trail", "/settings/audit-trail", (page) => page.getByText(/^1-10 of \d+ rows$/).waitFor()],
  [
    "The audit trail’s filter",
    "/settings/audit-trail",
    async (page) => {
      await page.getByText(/^1-10 of \d+ rows$/).waitFor();
      await page.getByRole("button", { name: "Filter" }).click();
      await page.getByRole("button", { name: "Apply" }).waitFor();
    },
  ],
  [
    "An audit record",
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
    "The audit trail’s export menu",
    "/settings/audit-trail",
    async (page) => {
      await page.getByRole("button", { name: "Export", exact: true }).click();
      await page.getByRole("menuitem", { name: /^CSV/ }).waitFor();
    },
  ],
  [
    "A successful verification",
    "/settings/audit-trail",
    async (page) => {
      await page.getByRole("button", { name: "Verify" }).click();
      const dialog = page.getByRole("dialog", { name: "Verify the audit trail" });
      await dialog.getByRole("button", { name: "Verify" }).click();
      await dialog.getByRole("button", { name: "Copy head" }).waitFor();
    },
  ],
  [
    "A verification with an altered record",
    "/settings/audit-trail",
    async (page) => {
      alterRecord(app.server.dataDir, { account: "ACC-0001-0002", sequence: 7 });
      await page.getByRole("button", { name: "Verify" }).click();
      const dialog = page.getByRole("dialog", { name: "Verify the audit trail" });
      await dialog.getByRole("button", { name: "Verify" }).click();
      await dialog.getByRole("link", { name: "View record 7" }).waitFor();
    },
  ],
  ["The page for an unknown URL", "/settings/nothing", (page) => page.getByText("Page not found").waitFor()],
];

describe("Accessibility of lists", () => {
  test.each(states)("%s is accessible and fits 320 px", async (_, path, go) => {
    const page = await app.open(path, { as: people.sarah });
    await go(page);
    expect(await faultsOfLook(page)).toEqual([]);
  });
});
