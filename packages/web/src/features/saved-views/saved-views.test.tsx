import { screen, waitFor, within } from "@testing-library/react";
import { createFakeServer } from "../../test/fake-server";
import type { FakeSavedView } from "../../test/fake-state";
import { renderApp } from "../../test/render-app";

const list = "/settings/api-tokens";
const view = (name: string, more: Partial<FakeSavedView> = {}): FakeSavedView => ({
  id: `id of ${name}`,
  list: "API_TOKENS",
  name,
  query: "rows=5&sort=-name",
  shared: false,
  isDefault: false,
  ...more,
});
const rows = (text: string) => screen.findByText(`${text} of 28 rows`);
const views = () => screen.findByRole("list", { name: "Views" });
const item = async (name: string) =>
  (await within(await views()).findByRole("button", { name })).closest("li") as HTMLLIElement;

type App = ReturnType<typeof renderApp>;
async function openViews({ user }: App, label = "All API tokens") {
  await user.click(await screen.findByRole("button", { name: label }));
  await views();
}
async function edit(app: App, name: string, label?: string) {
  await openViews(app, label);
  await app.user.click(await screen.findByRole("button", { name: `Edit view ${name}` }));
  return screen.findByRole("form", { name: `Edit view ${name}` });
}

beforeEach(() => localStorage.clear());

describe("Saved views", () => {
  test("A view can be shared when it is saved", async () => {
    const server = createFakeServer();
    const app = renderApp(`${list}?sort=-name&rows=5`, server);
    await rows("1-5");
    await openViews(app, "Unsaved view");
    await app.user.type(screen.getByRole("textbox", { name: "View name" }), "From the end");
    await app.user.click(screen.getByRole("checkbox", { name: "Share with everyone in the account" }));
    await app.user.click(screen.getByRole("button", { name: "Save" }));
    expect(within(await item("From the end")).getByRole("img", { name: "Shared" })).toBeVisible();
    expect(server.state.savedViews).toMatchObject([{ query: "rows=5&sort=-name", list: "API_TOKENS", shared: true }]);
    expect(screen.getByRole("textbox", { name: "View name" })).toHaveValue("");
  });

  test.each([
    ["", "Enter a name."],
    ["Weekly", "A view with this name already exists."],
  ])("A view cannot be saved as “%s”", async (name, message) => {
    const app = renderApp(list, { savedViews: [view("Weekly")] });
    await openViews(app);
    const field = screen.getByRole("textbox", { name: "View name" });
    if (name) await app.user.type(field, name);
    await app.user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(message)).toBeVisible();
    expect(field).toHaveValue(name);
  });

  test("The name stays when saving fails, so that it can be tried again", async () => {
    const server = createFakeServer();
    const app = renderApp(list, server);
    await openViews(app);
    server.trouble("CreateSavedView", "offline");
    await app.user.type(screen.getByRole("textbox", { name: "View name" }), "Weekly");
    await app.user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Can’t reach Hallpass. Check your connection.")).toBeVisible();
    server.heal();
    await app.user.click(screen.getByRole("button", { name: "Save" }));
    expect(await item("Weekly")).toBeVisible();
  });

  test("The list opens in the person’s default view, with its parameters in the URL", async () => {
    const app = renderApp(list, { savedViews: [view("From the end", { isDefault: true })] });
    await rows("1-5");
    await waitFor(() => expect(app.url()).toBe(`${list}?rows=5&sort=-name`));
    expect(screen.getByRole("button", { name: "From the end" })).toBeVisible();
  });

  test("All rows can be shown despite a default view, and stay so after a reload", async () => {
    const savedViews = [view("From the end", { isDefault: true })];
    const app = renderApp(list, { savedViews });
    await rows("1-5");
    await openViews(app, "From the end");
    await app.user.click(within(await item("All API tokens")).getByRole("button"));
    await rows("1-10");
    expect(app.url()).toBe(`${list}?page=1`);
    app.unmount();
    renderApp(app.url(), { savedViews });
    await rows("1-10");
  });

  test("A link with parameters is shown as it is, whatever the default view", async () => {
    renderApp(`${list}?q=Robot+7`, { savedViews: [view("From the end", { isDefault: true })] });
    expect(await screen.findByRole("link", { name: "Robot 7" })).toBeVisible();
    expect(screen.getByRole("button", { name: "Unsaved view" })).toBeVisible();
  });

  test("A view is renamed, made the default, shared and replaced in one form", async () => {
    const server = createFakeServer({ savedViews: [view("Weekly")] });
    const app = renderApp(`${list}?sort=name`, server);
    const form = within(await edit(app, "Weekly", "Unsaved view"));
    expect(form.getByRole("textbox", { name: "Name" })).toHaveFocus();
    await app.user.type(form.getByRole("textbox", { name: "Name" }), " review");
    for (const name of [
      "Open the list in this view",
      "Share with everyone in the account",
      "Replace with the current view",
    ])
      await app.user.click(form.getByRole("checkbox", { name }));
    await app.user.click(form.getByRole("button", { name: "Save" }));
    const marks = within(await item("Weekly review")).getAllByRole("img");
    expect(marks.map((mark) => mark.getAttribute("aria-label"))).toEqual(["Default", "Shared"]);
    expect(server.state.savedViews).toMatchObject([
      { name: "Weekly review", query: "sort=name", shared: true, isDefault: true },
    ]);
  });

  test("A view is deleted only after a question, which says who loses it", async () => {
    const app = renderApp(list, { savedViews: [view("Weekly", { shared: true })] });
    await app.user.click(within(await edit(app, "Weekly")).getByRole("button", { name: "Delete" }));
    expect(await screen.findByText(/Everyone in the account loses it/)).toBeVisible();
    expect(screen.getByRole("button", { name: "Cancel" })).toHaveFocus();
    await app.user.click(screen.getByRole("button", { name: "Delete view" }));
    await waitFor(async () => expect(within(await views()).queryByText("Weekly")).toBeNull());
  });

  test("An auditor saves views of their own, and can only make shared ones their default", async () => {
    const server = createFakeServer({ role: "AUDITOR", savedViews: [view("Ours", { shared: true })] });
    const app = renderApp(list, server);
    await openViews(app);
    expect(screen.queryByRole("checkbox", { name: /Share/ })).toBeNull();
    await app.user.click(screen.getByRole("button", { name: "Edit view Ours" }));
    const form = within(await screen.findByRole("form", { name: "Edit view Ours" }));
    expect(form.getByText(/Only administrators can change it/)).toBeVisible();
    expect(form.queryByRole("textbox")).toBeNull();
    expect(form.queryByRole("button", { name: "Delete" })).toBeNull();
    await app.user.click(form.getByRole("checkbox", { name: "Open the list in this view" }));
    await app.user.click(form.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.state.savedViews).toMatchObject([{ name: "Ours", isDefault: true }]));
  });

  test("Opening the menu shows what others have shared meanwhile", async () => {
    const server = createFakeServer();
    const app = renderApp(list, server);
    await rows("1-10");
    server.state.savedViews.push(view("New here", { shared: true }));
    await openViews(app);
    expect(await within(await views()).findByRole("button", { name: "New here" })).toBeVisible();
  });

  test("The audit trail has its own views", async () => {
    const savedViews = [view("Tokens"), view("Trail", { list: "AUDIT_TRAIL", query: "rows=5" })];
    const app = renderApp("/settings/audit-trail", { savedViews });
    await openViews(app, "All records");
    expect(within(await views()).queryByText("Tokens")).toBeNull();
    await app.user.click(within(await item("Trail")).getByRole("button", { name: "Trail" }));
    await waitFor(() => expect(app.url()).toBe("/settings/audit-trail?rows=5"));
  });
});

describe("Views kept in the browser by earlier versions", () => {
  const key = "hallpass.grid.api-tokens.ACC-0001-0002.views";
  const kept = (...names: string[]) =>
    localStorage.setItem(key, JSON.stringify(names.map((name) => ({ name, params: { sort: "-name", rows: "5" } }))));

  test("They are saved once as the person’s own", async () => {
    kept("Mine", "Weekly", "Daily");
    const server = createFakeServer({ savedViews: [view("Weekly"), view("Daily", { query: "q=another" })] });
    const app = renderApp(list, server);
    await waitFor(() => expect(localStorage.getItem(key)).toBeNull());
    expect(server.state.savedViews.map(({ name }) => name)).toEqual(["Weekly", "Daily", "Mine", "Daily (2)"]);
    expect(server.state.savedViews[2]).toMatchObject({ query: "sort=-name&rows=5", shared: false });
    expect(server.requests.filter(({ operation }) => operation === "CreateSavedView")).toMatchObject(
      Array(3).fill({ account: "ACC-0001-0002" }),
    );
    await openViews(app);
    expect(await item("Mine")).toBeVisible();
  });

  test("They stay in the browser until they can be saved", async () => {
    kept("Mine");
    const server = createFakeServer();
    server.trouble("CreateSavedView", "offline");
    const app = renderApp(list, server);
    await rows("1-10");
    await waitFor(() => expect(server.lastVariables("CreateSavedView")).toBeDefined());
    expect(localStorage.getItem(key)).toContain("Mine");
    app.unmount();
    server.heal();
    renderApp(list, server);
    await waitFor(() => expect(localStorage.getItem(key)).toBeNull());
    expect(server.state.savedViews).toMatchObject([{ name: "Mine" }]);
  });

  test.each(["not JSON", "{}", '[null, {"name": 1}]'])("Storage with %s is removed", async (stored) => {
    localStorage.setItem(key, stored);
    const server = createFakeServer();
    renderApp(list, server);
    await waitFor(() => expect(localStorage.getItem(key)).toBeNull());
    expect(server.state.savedViews).toEqual([]);
  });
});
