import { notifications } from "@mantine/notifications";
import { act, screen, waitFor, within } from "@testing-library/react";
import { makeToken } from "../../test/factories";
import { renderApp } from "../../test/render-app";

const list = "/settings/api-tokens";
type View = ReturnType<typeof renderApp>;

const rowsShown = () => screen.findByRole("link", { name: "Robot 1" });
const field = () => screen.findByRole("combobox", { name: /^(Search tokens|Action on)/ });
const marked = () => within(screen.getByRole("listbox", { name: "Commands" })).getByRole("option", { selected: true });
const options = () =>
  within(screen.getByRole("listbox", { name: "Commands" }))
    .queryAllByRole("option")
    .map(({ textContent }) => textContent);

async function openPalette(options: Parameters<typeof renderApp>[1] = {}, path = list): Promise<View> {
  const view = renderApp(path, { tokens: [makeToken(1), makeToken(2, { status: "DISABLED" })], ...options });
  await screen.findByRole("button", { name: /^Account|Northwind/ });
  await screen.findAllByText(/Robot 1/);
  await view.user.keyboard("{Control>}k{/Control}");
  await field();
  return view;
}

afterEach(() => act(() => notifications.clean()));

describe("Command palette", () => {
  test("It lists what can be done, and Enter runs the marked command", async () => {
    const { user, url } = await openPalette();
    expect(options()).toEqual([
      "Add API tokenc",
      "API tokens",
      "Audit trail",
      "Policy",
      "Webhooks",
      "Your profile",
      "Switch to ContosoACC-0001-0003",
      "Switch to Hallpass OperationsACC-0001-0001",
      "Use light theme",
      "Use dark theme",
      "Keyboard shortcuts?",
      "Sign out",
    ]);
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(await field()).toHaveAttribute("aria-activedescendant", marked().id);
    expect(marked()).toHaveTextContent("Audit trail");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(url()).toBe("/settings/audit-trail"));
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  test("It finds a token by its name, and opens it", async () => {
    const { user, url } = await openPalette();
    await user.type(await field(), "robot 2");
    expect(await screen.findByRole("option", { name: /Robot 2/ })).toHaveTextContent("TKN-1234-0002 · Disabled");
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("option", { name: /View details/ })).toBeVisible();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(url()).toBe("/settings/api-tokens/TKN-1234-0002"));
  });

  test("It acts on a token from any page", async () => {
    const view = await openPalette({}, "/settings/audit-trail");
    await view.user.type(await field(), "robot 1");
    await screen.findByRole("option", { name: /Robot 1/ });
    await view.user.keyboard("{Enter}disa{Enter}");
    const question = await screen.findByRole("dialog", { name: "Disable Robot 1?" });
    const disable = within(question).getByRole("button", { name: "Disable" });
    await waitFor(() => expect(disable).not.toHaveAttribute("aria-disabled"));
    await view.user.click(disable);
    expect(await screen.findByText("Robot 1 is disabled.")).toBeVisible();
    expect(view.server.state.tokens[0]?.status).toBe("DISABLED");
  });

  test("A pasted value finds its token, and only the ID is sent", async () => {
    const view = await openPalette();
    const { value } = makeToken(2);
    await view.user.click(await field());
    await view.user.paste(value);
    expect(await screen.findByRole("option", { name: /Robot 2/ })).toBeVisible();
    expect(view.server.lastVariables("PaletteTokens")).toEqual({ search: "TKN-1234-0002" });
    expect(JSON.stringify(view.server.requests)).not.toContain(value);
  });

  test("Backspace leaves a token, Escape closes, and focus returns to where it was", async () => {
    const view = renderApp(list, { tokens: [makeToken(1)] });
    (await rowsShown()).focus();
    await view.user.keyboard("{Control>}k{/Control}");
    await view.user.type(await field(), "robot");
    await screen.findByRole("option", { name: /Robot 1/ });
    await view.user.keyboard("{Enter}");
    await screen.findByRole("option", { name: /View details/ });
    await view.user.keyboard("{Backspace}");
    expect(await screen.findByRole("option", { name: "Audit trail" })).toBeVisible();
    await view.user.keyboard("{Escape}");
    await waitFor(() => expect(screen.getByRole("link", { name: "Robot 1" })).toHaveFocus());
  });

  test("It says when nothing is found, and when the search fails", async () => {
    const view = await openPalette();
    await view.user.type(await field(), "nothing like it");
    expect(await screen.findByText("No results")).toBeVisible();
    view.server.trouble("PaletteTokens", "offline");
    await view.user.type(await field(), "x");
    expect(
      await screen.findByText("Couldn’t search the API tokens. Can’t reach Hallpass. Check your connection."),
    ).toBeVisible();
  });

  test("Accounts can be switched", async () => {
    const view = await openPalette();
    await view.user.type(await field(), "contoso{Enter}");
    await waitFor(() => expect(view.history.location.href).toContain("ACC-0001-0003"));
  });

  test("It opens from the header too, and not above a form", async () => {
    const view = renderApp(list, { tokens: [makeToken(1)] });
    await rowsShown();
    await view.user.click(screen.getByRole("button", { name: /Search or jump to/ }));
    await field();
    await view.user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await view.user.click(screen.getByRole("button", { name: "Add" }));
    await screen.findByLabelText("API token name");
    await view.user.keyboard("{Control>}k{/Control}");
    expect(screen.queryByRole("combobox", { name: /^Search tokens/ })).not.toBeInTheDocument();
  });

  test("An auditor gets no changes", async () => {
    const { user } = await openPalette({ role: "AUDITOR" });
    expect(options()).not.toContain("Add API tokenc");
    await user.type(await field(), "robot 1");
    await screen.findByRole("option", { name: /Robot 1/ });
    await user.keyboard("{Enter}");
    await screen.findByRole("option", { name: /View details/ });
    expect(options()).toEqual(["View detailsTKN-1234-0001"]);
  });
});

describe("Shortcuts", () => {
  test("/ goes to the search, c adds a token, and ? lists the shortcuts", async () => {
    const { user, url } = renderApp(`${list}?rows=25`, { tokens: [makeToken(1)] });
    await rowsShown();
    await user.keyboard("?");
    expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await user.keyboard("/");
    expect(screen.getByRole("searchbox")).toHaveFocus();
    // Typed text is no shortcut.
    await user.keyboard("c?");
    expect(screen.getByRole("searchbox")).toHaveValue("c?");
    act(() => screen.getByRole("searchbox").blur());
    await user.keyboard("c");
    expect(await screen.findByRole("dialog", { name: "Add API token" })).toBeVisible();
    expect(url()).toContain("/settings/api-tokens/add?rows=25");
  });

  test("Single-key shortcuts can be turned off, and Ctrl K still works", async () => {
    const { user } = renderApp(list, { tokens: [makeToken(1)] });
    await rowsShown();
    await user.keyboard("?");
    await user.click(await screen.findByRole("checkbox", { name: "Single-key shortcuts" }));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await user.keyboard("c/");
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    expect(screen.getByRole("searchbox")).not.toHaveFocus();
    await user.keyboard("{Control>}k{/Control}");
    expect(await field()).toHaveFocus();
  });
});
