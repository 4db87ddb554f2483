import { act, screen, waitFor, within } from "@testing-library/react";
import { makeToken, makeTokens } from "../../../test/factories";
import { createFakeServer } from "../../../test/fake-server";
import { renderApp } from "../../../test/render-app";

const list = "/settings/api-tokens";
const result = () => screen.findByRole("status", { name: "API tokens, result" });
const rowNames = () => screen.getAllByRole("link", { name: /^Robot/ }).map((link) => link.textContent);
const rowsShown = () => screen.findByRole("link", { name: "Robot 28" });

describe("API tokens page", () => {
  test("A row shows the token’s ID, modules, creator, dates and status", async () => {
    const tokens = [makeToken(1, { status: "DISABLED" }), makeToken(4)];
    renderApp(list, { tokens });
    const row = (await screen.findByRole("link", { name: "Robot 1" })).closest("tr") as HTMLElement;
    for (const text of [
      "TKN-1234-0001",
      "Access management",
      "MOD-1255",
      "Sarah Sanderson",
      "USR-1234-1210",
      "Disabled",
    ]) {
      expect(within(row).getByText(text)).toBeVisible();
    }
    expect(row.querySelector("time")).toHaveAttribute("title", "2026-01-02 10:30:00 UTC");
    const other = screen.getByRole("link", { name: "Robot 4" }).closest("tr") as HTMLElement;
    expect(within(other).getByText("3 modules")).toBeVisible();
    expect(within(other).getByText("Never")).toBeVisible();
  });

  test("Placeholder rows appear while the list loads", async () => {
    const server = createFakeServer();
    let answer: (value?: unknown) => void = () => {};
    server.trouble("ApiTokens", new Promise((resolve) => (answer = resolve)));
    renderApp(list, server);
    const table = await screen.findByRole("grid", { name: "API tokens" });
    expect(table).toHaveAttribute("aria-busy", "true");
    expect(within(table).getAllByRole("row")).toHaveLength(11);
    answer();
    await rowsShown();
    expect(table).toHaveAttribute("aria-busy", "false");
  });

  test("An empty list offers to add a token", async () => {
    const { user, url } = renderApp(list, { tokens: [] });
    expect(await screen.findByRole("heading", { name: "No API tokens yet" })).toBeVisible();
    const [, inMessage] = screen.getAllByRole("button", { name: "Add" });
    await user.click(inMessage as HTMLElement);
    await waitFor(() => expect(url()).toBe("/settings/api-tokens/add"));
  });

  test("An auditor sees no Add button", async () => {
    renderApp(list, { role: "AUDITOR" });
    await rowsShown();
    expect(screen.queryByRole("button", { name: "Add" })).not.toBeInTheDocument();
  });

  test("A failed load shows an error, and retrying loads the list", async () => {
    const { user, server } = renderApp(list);
    server.trouble("ApiTokens", { code: "SERVICE_UNAVAILABLE" });
    expect(await screen.findByRole("alert")).toHaveTextContent("Hallpass can’t reach its database right now.");
    server.heal();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await rowsShown()).toBeVisible();
  });

  test("The current rows stay visible while the next page loads", async () => {
    const { user, server } = renderApp(list);
    await rowsShown();
    let answer: (value?: unknown) => void = () => {};
    server.trouble("ApiTokens", new Promise((resolve) => (answer = resolve)));
    await user.click(screen.getByRole("button", { name: "Next" }));
    expect(screen.getByRole("link", { name: "Robot 28" })).toBeVisible();
    expect(screen.getByRole("grid", { name: "API tokens" })).toHaveAttribute("aria-busy", "true");
    answer();
    expect(await screen.findByRole("link", { name: "Robot 18" })).toBeVisible();
  });
});

describe("Paging", () => {
  test("Next and Previous update the rows, the URL and the announcement", async () => {
    const { user, url } = renderApp(list);
    await rowsShown();
    expect(screen.getByText("1-10 of 28 rows")).toBeVisible();
    expect(screen.getByRole("button", { name: "Previous" })).toHaveAttribute("aria-disabled", "true");
    await user.click(screen.getByRole("button", { name: "Next" }));
    await screen.findByText("11-20 of 28 rows");
    expect(url()).toBe(`${list}?page=2`);
    expect(await result()).toHaveTextContent("28 rows, page 2 of 3");
    await user.click(screen.getByRole("button", { name: "Previous" }));
    await screen.findByText("1-10 of 28 rows");
    expect(url()).toBe(list);
  });

  test("A typed page number beyond the end opens the last page", async () => {
    const { user, url } = renderApp(list);
    await rowsShown();
    await user.clear(screen.getByRole("textbox", { name: "Page" }));
    await user.type(screen.getByRole("textbox", { name: "Page" }), "99{Enter}");
    await screen.findByText("21-28 of 28 rows");
    expect(url()).toBe(`${list}?page=3`);
    expect(screen.getByRole("button", { name: "Next" })).toHaveAttribute("aria-disabled", "true");
  });

  test("Changing the rows per page returns to the first page", async () => {
    const { user, url, server } = renderApp(`${list}?page=3`);
    await screen.findByText("21-28 of 28 rows");
    await user.selectOptions(screen.getByRole("combobox", { name: "Rows per page" }), "25");
    await screen.findByText("1-25 of 28 rows");
    expect(url()).toBe(`${list}?rows=25`);
    expect(server.lastVariables("ApiTokens")).toMatchObject({ first: 25, offset: 0 });
  });

  test("More than 10,000 rows are not counted, and each page can still be opened", async () => {
    const { user, url } = renderApp(list, { tokens: makeTokens(10_015) });
    expect(await screen.findByText("1-10 of over 10,000 rows")).toBeVisible();
    expect(screen.getByText("over 10,000 rows")).toBeVisible();
    expect(screen.getByRole("navigation", { name: "Pages" })).toHaveTextContent("of over 1,000");
    expect(await result()).toHaveTextContent("over 10,000 rows, page 1");
    const open = async (page: string) => {
      await user.clear(screen.getByRole("textbox", { name: "Page" }));
      await user.type(screen.getByRole("textbox", { name: "Page" }), `${page}{Enter}`);
    };
    await open("1001");
    expect(await screen.findByText("10,001-10,010 of over 10,000 rows")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Next" }));
    expect(await screen.findByText("10,011-10,015 of over 10,000 rows")).toBeVisible();
    expect(screen.getByRole("button", { name: "Next" })).toHaveAttribute("aria-disabled", "true");
    await open("2000");
    expect(await screen.findByText("There is no page 2000")).toBeVisible();
    expect(screen.getByRole("button", { name: "Next" })).toHaveAttribute("aria-disabled", "true");
    await user.click(screen.getByRole("button", { name: "Go to page 1" }));
    expect(await screen.findByText("1-10 of over 10,000 rows")).toBeVisible();
    expect(url()).toBe(list);
  });

  test("A page number typed before the list loads is kept", async () => {
    const { user, url, server } = renderApp(list);
    let answer = () => {};
    server.trouble("ApiTokens", new Promise<void>((resolve) => (answer = resolve)));
    const page = await screen.findByRole("textbox", { name: "Page" });
    await user.clear(page);
    await user.type(page, "2{Enter}");
    answer();
    expect(await screen.findByText("11-20 of 28 rows")).toBeVisible();
    expect(url()).toBe(`${list}?page=2`);
  });

  test("A URL beyond the last page offers to open the last page", async () => {
    const { user, url } = renderApp(`${list}?page=9`);
    expect(await screen.findByRole("heading", { name: "There is no page 9" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Go to page 3" }));
    await screen.findByText("21-28 of 28 rows");
    expect(url()).toBe(`${list}?page=3`);
  });

  test("The browser’s Back button returns to the previous page", async () => {
    const { user, history } = renderApp(list);
    await rowsShown();
    await user.click(screen.getByRole("button", { name: "Next" }));
    await screen.findByText("11-20 of 28 rows");
    act(() => history.back());
    expect(await screen.findByText("1-10 of 28 rows")).toBeVisible();
  });
});

describe("Search by value", () => {
  test("A pasted value finds its token, and reaches neither the URL nor the server", async () => {
    const { user, url, server } = renderApp("/settings/api-tokens");
    await screen.findByRole("link", { name: "Robot 28" });
    const { value } = makeToken(7);
    await user.click(screen.getByRole("searchbox"));
    await user.paste(value);
    await waitFor(() => expect(url()).toBe("/settings/api-tokens?q=TKN-1234-0007"));
    expect(await screen.findByText("1 row")).toBeVisible();
    expect(screen.getByRole("link", { name: "Robot 7" })).toBeVisible();
    expect(screen.getByRole("searchbox")).toHaveValue("TKN-1234-0007");
    expect(JSON.stringify(server.requests)).not.toContain(value);
  });

  test("The visible part of a value finds its token", async () => {
    const { user } = renderApp("/settings/api-tokens");
    await screen.findByRole("link", { name: "Robot 28" });
    await user.type(screen.getByRole("searchbox"), "hp_12340007");
    expect(await screen.findByText("1 row")).toBeVisible();
    expect(screen.getByRole("link", { name: "Robot 7" })).toBeVisible();
  });

  test("A value that is typed with pauses never reaches the URL", async () => {
    const { user, url } = renderApp("/settings/api-tokens");
    await screen.findByRole("link", { name: "Robot 28" });
    const { value } = makeToken(7);
    const field = screen.getByRole("searchbox");
    for (const part of [value.slice(0, 7), value.slice(7, 11), value.slice(11, 20), value.slice(20)]) {
      await user.type(field, part);
      await act(() => new Promise((resolve) => setTimeout(resolve, 400)));
      expect(url()).not.toContain(value.slice(12, 20));
    }
    await waitFor(() => expect(url()).toBe("/settings/api-tokens?q=TKN-1234-0007"));
    expect(await screen.findByText("1 row")).toBeVisible();
    await user.tab();
    expect(field).toHaveValue("TKN-1234-0007");
  });
});

describe("List URL", () => {
  test("The URL restores the page, search, sorting, filter and columns", async () => {
    const query = "?page=2&rows=5&q=robot&sort=name,-createdAt&filter=status.anyOf(ACTIVE)&columns=name,status,actions";
    const { server } = renderApp(list + query);
    await screen.findByText(/^6-10 of/);
    expect(server.lastVariables("ApiTokens")).toEqual({
      first: 5,
      offset: 5,
      filter: { search: "robot", and: [{ status: ["ACTIVE"] }] },
      orderBy: [
        { field: "NAME", direction: "ASC" },
        { field: "CREATED_AT", direction: "DESC" },
      ],
    });
    expect(screen.getAllByRole("columnheader").map((header) => header.textContent)).toEqual([
      "",
      expect.stringContaining("API token"),
      "Status",
      "Actions",
    ]);
    expect(screen.getByRole("columnheader", { name: /API token/ })).toHaveAttribute("aria-sort", "ascending");
    expect(screen.getByRole("searchbox")).toHaveValue("robot");
  });

  test("A partly invalid URL shows a notice and applies the valid parts", async () => {
    const { user, url } = renderApp(`${list}?page=minus&sort=nothing&filter=and(((&rows=7&q=robot+1`);
    expect(
      await screen.findByText(/The page, rows, sorting, and filter in it|page, rows per page, sorting/),
    ).toBeVisible();
    expect(await screen.findByRole("link", { name: "Robot 19" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    await waitFor(() => expect(url()).toBe(`${list}?q=robot+1`));
  });

  test.each([
    "filter=status.anyOf(DELETED)",
    "filter=id.anyOf(x)",
    "filter=name.contains()",
    "filter=createdAt.on(2026-02-31)",
  ])("The invalid filter %s falls back to the default", async (query) => {
    const { server } = renderApp(`${list}?${query}`);
    expect(await screen.findByText("The filter couldn’t be applied. Defaults are used instead.")).toBeVisible();
    expect(server.lastVariables("ApiTokens")?.filter).toBeNull();
  });
});

describe("Sorting", () => {
  test("A column menu sorts the list", async () => {
    const { user, url } = renderApp(list);
    await rowsShown();
    await user.click(screen.getByRole("button", { name: "API token" }));
    await user.click(await screen.findByRole("menuitem", { name: "Sort ascending" }));
    await screen.findByRole("link", { name: "Robot 1" });
    expect(url()).toBe(`${list}?sort=name`);
    expect(screen.getByRole("columnheader", { name: /API token/ })).toHaveAttribute("aria-sort", "ascending");
  });

  test("Sort levels can be added, reversed, moved and removed", async () => {
    const { user, url } = renderApp(`${list}?sort=status`);
    await rowsShown();
    await user.click(screen.getByRole("button", { name: "Sort 1" }));
    await user.click(await screen.findByRole("button", { name: "Add level" }));
    await user.selectOptions(await screen.findByRole("combobox", { name: "Then by" }), "createdAt");
    await user.selectOptions(await screen.findByRole("combobox", { name: "Direction of Date created" }), "desc");
    await waitFor(() => expect(url()).toBe(`${list}?sort=status,-createdAt`));
    await user.click(screen.getByRole("button", { name: "Move Date created up" }));
    await waitFor(() => expect(url()).toBe(`${list}?sort=-createdAt,status`));
    await user.click(screen.getByRole("button", { name: "Remove sort by Date created" }));
    await waitFor(() => expect(url()).toBe(`${list}?sort=status`));
    await user.click(screen.getByRole("button", { name: "Clear" }));
    await waitFor(() => expect(url()).toBe(list));
  });
});

describe("Search and filter", () => {
  test("A search runs shortly after typing and returns to the first page", async () => {
    const { user, url } = renderApp(`${list}?page=2`);
    await screen.findByText("11-20 of 28 rows");
    await user.type(screen.getByRole("searchbox", { name: "Search API tokens" }), "Robot 2");
    await screen.findByText("1-10 of 10 rows");
    expect(url()).toBe(`${list}?q=Robot+2`);
  });

  test("A search without matches shows No results and can be cleared", async () => {
    const { user, url } = renderApp(`${list}?q=nobody`);
    expect(await screen.findByRole("heading", { name: "No results" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Clear search and filter" }));
    await rowsShown();
    expect(url()).toBe(list);
  });

  test("Conditions and groups combine into one filter", async () => {
    const { user, url, server } = renderApp(list);
    await rowsShown();
    await user.click(screen.getByRole("button", { name: "Filter" }));
    await user.type(await screen.findByRole("textbox", { name: "Value" }), "robot");
    await user.click(screen.getByRole("button", { name: "Add group" }));
    const group = screen.getByRole("group", { name: "Condition group" });
    await user.selectOptions(within(group).getByRole("combobox", { name: "Filter by" }), "status");
    await user.click(within(group).getByRole("checkbox", { name: "Disabled" }));
    await user.click(within(group).getByRole("button", { name: "Add condition" }));
    await user.selectOptions(
      within(group).getAllByRole("combobox", { name: "Filter by" })[1] as HTMLElement,
      "modules",
    );
    await user.click(await within(group).findByRole("checkbox", { name: "Orders (MOD-1310)" }));
    await user.click(screen.getByRole("button", { name: "Apply" }));
    await waitFor(() =>
      expect(url()).toBe(`${list}?filter=and(name.contains(robot),or(status.anyOf(DISABLED),modules.anyOf(MOD-1310)))`),
    );
    expect(server.lastVariables("ApiTokens")?.filter).toEqual({
      and: [{ name: { contains: "robot" } }, { or: [{ status: ["DISABLED"] }, { moduleIds: ["MOD-1310"] }] }],
    });
    expect(await screen.findByRole("button", { name: "Filter 3" })).toBeVisible();
  });

  test("An incomplete condition shows an error and can be completed", async () => {
    const { user, url } = renderApp(list);
    await rowsShown();
    await user.click(screen.getByRole("button", { name: "Status" }));
    await user.click(await screen.findByRole("menuitem", { name: "Filter by this column" }));
    await user.click(await screen.findByRole("button", { name: "Apply" }));
    expect(await screen.findByText("Select at least one option.")).toBeVisible();
    expect(url()).toBe(list);
    await user.click(screen.getByRole("checkbox", { name: "Disabled" }));
    await user.click(screen.getByRole("button", { name: "Apply" }));
    await waitFor(() => expect(url()).toBe(`${list}?filter=status.anyOf(DISABLED)`));
  });

  test("Dates are filtered in the user’s time zone", async () => {
    const { server } = renderApp(
      `${list}?filter=or(createdAt.after(2026-01-10),lastAccessAt.between(2026-10-01,2026-10-02))`,
    );
    await rowsShown();
    expect(server.lastVariables("ApiTokens")?.filter).toEqual({
      or: [
        { createdAt: { from: new Date(2026, 0, 11).toISOString() } },
        { lastAccessAt: { from: new Date(2026, 9, 1).toISOString(), to: new Date(2026, 9, 3).toISOString() } },
      ],
    });
  });

  test("An operator account can filter for deleted tokens", async () => {
    const accountId = "ACC-0001-0001";
    const tokens = [makeToken(1, { accountId, status: "DELETED" }), makeToken(2, { accountId })];
    renderApp(`${list}?filter=status.anyOf(DELETED)`, { accountId, tokens });
    expect(await screen.findByRole("link", { name: "Robot 1" })).toBeVisible();
    expect(rowNames()).toEqual(["Robot 1"]);
    expect(screen.getByText("Deleted")).toBeVisible();
  });
});

describe("Columns and views", () => {
  test("Columns can be hidden, shown, fitted to the screen and reset", async () => {
    const { user, url } = renderApp(list);
    await rowsShown();
    await user.click(screen.getByRole("button", { name: "Columns" }));
    await user.click(await screen.findByRole("checkbox", { name: "Created by" }));
    await user.click(screen.getByRole("checkbox", { name: "Expires" }));
    await user.click(screen.getByRole("radio", { name: "Fit to screen" }));
    await waitFor(() =>
      expect(url()).toBe(`${list}?columns=name,modules,createdAt,lastAccessAt,expiresAt,status,actions&width=screen`),
    );
    expect(screen.getByRole("checkbox", { name: "API token" })).toBeDisabled();
    await user.click(screen.getByRole("button", { name: "Reset" }));
    await waitFor(() => expect(url()).toBe(list));
  });

  test("A view can be saved, opened and deleted", async () => {
    const { user, url } = renderApp(`${list}?sort=-name&rows=5`);
    await screen.findByText("1-5 of 28 rows");
    await user.click(screen.getByRole("button", { name: "Unsaved view" }));
    await user.type(await screen.findByRole("textbox", { name: "View name" }), "From the end");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await user.click(screen.getByRole("button", { name: "All API tokens" }));
    await waitFor(() => expect(url()).toBe(list));
    await user.click(await screen.findByRole("button", { name: "All API tokens" }));
    await user.click(await screen.findByRole("button", { name: "From the end" }));
    await waitFor(() => expect(url()).toBe(`${list}?rows=5&sort=-name`));
    await user.click(await screen.findByRole("button", { name: "From the end" }));
    await user.click(await screen.findByRole("button", { name: "Edit view From the end" }));
    await user.click(await screen.findByRole("button", { name: "Delete" }));
    await user.click(await screen.findByRole("button", { name: "Delete view" }));
    await user.keyboard("{Escape}");
    expect(await screen.findByRole("button", { name: "Unsaved view" })).toBeVisible();
  });

  test("Preset views find tokens to tidy up, the most urgent first, with their counts, and cannot be deleted", async () => {
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();
    const tokens = [
      makeToken(1, { lastAccessAt: null, expiresAt: null }),
      makeToken(2, { lastAccessAt: day(-200), expiresAt: day(10) }),
      makeToken(3, { lastAccessAt: day(-1), expiresAt: day(100) }),
      makeToken(4, { lastAccessAt: day(-1), expiresAt: null }),
      makeToken(5, { lastAccessAt: day(-1), expiresAt: day(100), status: "DISABLED", disabledAt: day(-100) }),
      makeToken(9, { lastAccessAt: day(-1), expiresAt: day(100), status: "DISABLED", disabledAt: day(-120) }),
      makeToken(6, { lastAccessAt: day(-1), expiresAt: day(100), status: "DISABLED", disabledAt: day(-80) }),
      makeToken(7, { lastAccessAt: day(-300), expiresAt: day(20) }),
      makeToken(8, { lastAccessAt: day(-100), expiresAt: day(5) }),
    ];
    const { user } = renderApp(list, { tokens });
    for (const [view, ...names] of [
      ["Never used", "Robot 1"],
      ["Idle for 90 days", "Robot 7", "Robot 2", "Robot 8"],
      ["No expiry", "Robot 1", "Robot 4"],
      ["Expiring within 30 days", "Robot 8", "Robot 2", "Robot 7"],
      ["Disabled for 90 days", "Robot 5", "Robot 9"],
    ] as const) {
      await user.click(
        await screen.findByRole("button", {
          name: /^All API|^Unsaved view|Never used|Idle|No expiry|Expiring|^Disabled for/,
        }),
      );
      const views = await screen.findByRole("list", { name: "Views" });
      const item = within(views).getByRole("button", { name: view }).closest("li") as HTMLElement;
      expect(await within(item).findByLabelText(names.length === 1 ? "1 row" : `${names.length} rows`)).toBeVisible();
      expect(within(views).queryByRole("button", { name: /^Delete/ })).not.toBeInTheDocument();
      await user.click(within(views).getByRole("button", { name: view }));
      const found = `1-${names.length} of ${names.length} ${names.length === 1 ? "row" : "rows"}`;
      expect(await screen.findByText(found)).toBeVisible();
      expect(screen.getAllByRole("link", { name: /^Robot \d$/ }).map(({ textContent }) => textContent)).toEqual(names);
      expect(await screen.findByRole("button", { name: view })).toBeVisible();
    }
  });

  test("A date condition counts as one, and its period stays relative to today", async () => {
    const hours = (count: number) => new Date(Date.now() - count * 3_600_000).toISOString();
    const tokens = [makeToken(1, { lastAccessAt: hours(0) }), makeToken(2, { lastAccessAt: hours(24 * 8) })];
    const { user, url } = renderApp(list, { tokens });
    await screen.findByRole("link", { name: "Robot 2" });
    await user.click(screen.getByRole("button", { name: "Last access" }));
    await user.click(await screen.findByRole("menuitem", { name: "Filter by this column" }));
    const panel = await screen.findByRole("form", { name: "Filter" });
    expect(within(panel).getByRole("combobox", { name: "Period" })).toHaveDisplayValue("in the last 7 days");
    await user.click(within(panel).getByRole("button", { name: "Apply" }));
    await waitFor(() => expect(screen.queryByRole("link", { name: "Robot 2" })).not.toBeInTheDocument());
    expect(screen.getByRole("link", { name: "Robot 1" })).toBeVisible();
    expect(screen.getByRole("button", { name: "Filter 1" })).toBeVisible();
    expect(url()).toBe(`${list}?filter=lastAccessAt.during(7d)`);
  });

  test("A column’s width is saved in the browser", async () => {
    const first = renderApp(list);
    await rowsShown();
    const width = () => screen.getByRole("columnheader", { name: "Modules" }).style.width;
    await first.user.click(screen.getByRole("button", { name: "Modules" }));
    const wider = await screen.findByRole("menuitem", { name: "Wider" });
    await first.user.click(wider);
    const before = width();
    await first.user.click(wider);
    const after = width();
    expect(Number.parseInt(after, 10)).toBe(Number.parseInt(before, 10) + 32);
    first.unmount();
    renderApp(list);
    await rowsShown();
    expect(width()).toBe(after);
  });

  test("Refresh loads new tokens", async () => {
    const { user, server } = renderApp(list, { tokens: makeTokens(2) });
    await screen.findByRole("link", { name: "Robot 2" });
    server.state.tokens.push(makeToken(3));
    await user.click(screen.getByRole("button", { name: "Refresh" }));
    expect(await screen.findByRole("link", { name: "Robot 3" })).toBeVisible();
  });
});
