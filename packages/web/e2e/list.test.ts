import type { Page } from "playwright-core";
import { eventually } from "./support/eventually";
import { people, startHallpass } from "./support/hallpass";
import { list, namesShown, pathOf } from "./support/pages";

const app = startHallpass();

const openList = (query = "") => app.open(`${list}${query}`, { as: people.sarah });
const shows = (page: Page, names: string[]) => eventually(() => namesShown(page), names);

describe("Filter", () => {
  test("Conditions and groups can be joined by AND and OR, and survive a reload", async () => {
    const page = await openList("?sort=name");
    await page.getByRole("button", { name: "Filter" }).click();
    const form = page.getByRole("form", { name: "Filter" });
    await form.getByLabel("Filter by").selectOption({ label: "Status" });
    await form.getByRole("checkbox", { name: "Active" }).check();
    await form.getByRole("button", { name: "Add group" }).click();
    const group = form.getByRole("group", { name: "Condition group" });
    await eventually(() => group.getByLabel("Match").inputValue(), "or");
    await group.getByLabel("Comparison").selectOption({ label: "starts with" });
    await group.getByLabel("Value").fill("Robot");
    await group.getByRole("button", { name: "Add condition" }).click();
    const second = group.getByRole("group", { name: "Condition: Name" }).last();
    await second.getByLabel("Value").fill("export");
    await form.getByRole("button", { name: "Apply" }).click();
    await shows(page, ["Nightly invoice export", "Robot 1", "Robot 2", "Robot 3"]);
    await page.getByText("1-4 of 4 rows").waitFor();

    await page.reload();
    await shows(page, ["Nightly invoice export", "Robot 1", "Robot 2", "Robot 3"]);
    await page.getByRole("button", { name: /^Filter/ }).click();
    await form.getByRole("button", { name: "Clear" }).click();
    await page.getByText("1-10 of 11 rows").waitFor();
  });

  test("A column menu filters by module", async () => {
    const page = await openList("?sort=name");
    await page.getByRole("columnheader", { name: "Modules" }).getByRole("button").click();
    await page.getByRole("menuitem", { name: "Filter by this column" }).click();
    await page.getByRole("checkbox", { name: /^Reporting/ }).check();
    await page.getByRole("button", { name: "Apply" }).click();
    await shows(page, ["Contractor laptop", "Reporting pilot"]);
  });

  test("A search without matches shows No results and can be cleared", async () => {
    const page = await openList();
    await page.getByRole("searchbox", { name: "Search API tokens" }).fill("no such robot");
    await page.getByRole("heading", { name: "No results" }).waitFor();
    await page.getByRole("button", { name: "Clear search and filter" }).click();
    await page.getByText("1-10 of 11 rows").waitFor();
  });
});

describe("Sorting", () => {
  test("Sort levels apply in the order they are listed", async () => {
    const page = await openList("?rows=25");
    await page.getByRole("button", { name: "Sort" }).click();
    const panel = page.getByRole("dialog", { name: "Sort" });
    await panel.getByRole("button", { name: "Add level" }).click();
    await panel.getByLabel("Sort by", { exact: true }).selectOption({ label: "Status" });
    await panel.getByLabel("Direction of Status").selectOption({ label: "Descending" });
    await panel.getByRole("button", { name: "Add level" }).click();
    await panel.getByLabel("Then by").selectOption({ label: "API token" });
    await page.keyboard.press("Escape");
    await eventually(() => pathOf(page), `${list}?rows=25&sort=-status,name`);
    const disabled = ["Catalogue import (old)", "Contractor laptop"];
    await eventually(async () => (await namesShown(page)).slice(0, 3), [...disabled, "Access review"]);
    expect(await page.getByRole("columnheader", { name: "Status" }).getAttribute("aria-sort")).toBe("descending");
  });
});

describe("Paging", () => {
  const lastPage = ["Robot 3"];
  const firstPage = [
    "Access review",
    "Catalogue import (old)",
    "Contractor laptop",
    "Load test",
    "Nightly invoice export",
  ];

  test("A typed page survives a reload, a shared link, and Back and Forward", async () => {
    const page = await openList("?sort=name");
    await page.getByLabel("Rows per page").selectOption("5");
    await shows(page, firstPage);
    await page.getByRole("textbox", { name: "Page" }).fill("3");
    await page.keyboard.press("Enter");
    await shows(page, lastPage);
    await page.getByText("11-11 of 11 rows").waitFor();
    await page.reload();
    await shows(page, lastPage);

    const elsewhere = await app.open(pathOf(page), { as: people.sarah, fresh: true });
    await shows(elsewhere, lastPage);

    await page.goBack();
    await shows(page, firstPage);
    await page.goForward();
    await shows(page, lastPage);
  });

  test("Next and Previous change the page, and a page number too high opens the last one", async () => {
    const page = await openList("?rows=5&sort=name");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("6-10 of 11 rows").waitFor();
    await page.getByRole("button", { name: "Previous" }).click();
    await page.getByText("1-5 of 11 rows").waitFor();
    await page.getByRole("textbox", { name: "Page" }).fill("99");
    await page.keyboard.press("Enter");
    await page.getByText("11-11 of 11 rows").waitFor();
  });

  test("Going back from a token’s page restores the list", async () => {
    const page = await openList("?page=2&rows=5&sort=name");
    await page.getByRole("link", { name: "Robot 1" }).click();
    await page.getByRole("heading", { name: "Robot 1", level: 1 }).waitFor();
    await page.goBack();
    await page.getByText("6-10 of 11 rows").waitFor();
    expect(pathOf(page)).toBe(`${list}?page=2&rows=5&sort=name`);
  });
});

describe("Columns and views", () => {
  test("Columns can be shown, hidden and widened", async () => {
    const page = await openList();
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Created by" }).uncheck();
    await page.getByRole("checkbox", { name: "ID" }).check();
    await page.getByRole("radio", { name: "Fit to content" }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("columnheader", { name: "ID" }).waitFor();
    expect(await page.getByRole("columnheader", { name: "Created by" }).count()).toBe(0);
    expect(pathOf(page)).toContain("&width=content");
    await page.goto(list);
    const width = async () => (await page.getByRole("columnheader", { name: "Modules" }).boundingBox())?.width ?? 0;
    await page.getByRole("link", { name: "Order sync" }).waitFor();
    const before = await width();
    await page.getByRole("columnheader", { name: "Modules" }).getByRole("button").click();
    await page.getByRole("menuitem", { name: "Wider" }).click();
    await eventually(async () => (await width()) > before, true);
  });

  test("A saved view is available after a reload", async () => {
    const page = await openList("?rows=5&sort=-name");
    await page.getByRole("button", { name: "Unsaved view" }).click();
    await page.getByRole("textbox", { name: "View name" }).fill("From the end");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "All API tokens" }).click();
    await eventually(() => pathOf(page), list);
    await page.reload();
    await page.getByRole("button", { name: "All API tokens" }).click();
    await page.getByRole("button", { name: "From the end", exact: true }).click();
    await eventually(() => pathOf(page), `${list}?rows=5&sort=-name`);
    await page.getByText("1-5 of 11 rows").waitFor();
  });
});
