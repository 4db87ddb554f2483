import { notifications } from "@mantine/notifications";
import { act, screen, waitFor, within } from "@testing-library/react";
import { makeToken, makeTokens } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";

const path = "/settings/api-tokens";
type View = ReturnType<typeof renderApp>;

const box = (name: string) => screen.findByRole("checkbox", { name: `Select ${name}` });
const bar = () => screen.findByRole("toolbar", { name: "Selected API tokens" });
const statusesOf = ({ server }: View, ...numbers: number[]) =>
  numbers.map((number) => server.state.tokens.find(({ id }) => id === makeToken(number).id)?.status);

async function select(view: View, ...names: string[]) {
  for (const name of names) await view.user.click(await box(name));
}

async function ask(view: View, action: string) {
  await view.user.click(within(await bar()).getByRole("button", { name: action }));
  return screen.findByRole("dialog");
}

async function confirm(view: View, dialog: HTMLElement, action: string) {
  const button = within(dialog).getByRole("button", { name: action });
  await waitFor(() => expect(button).not.toHaveAttribute("aria-disabled"));
  await view.user.click(button);
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const unused = { lastAccessAt: null };

afterEach(() => act(() => notifications.clean()));

describe("Selection", () => {
  test("Rows are selected one by one, by range with Shift, or by page", async () => {
    const view = renderApp(path, { tokens: makeTokens(28) });
    await select(view, "Robot 28");
    expect(await bar()).toHaveTextContent("1 selected");
    await view.user.keyboard("{Shift>}");
    await select(view, "Robot 25");
    await view.user.keyboard("{/Shift}");
    expect(await bar()).toHaveTextContent("4 selected");
    await view.user.click(screen.getByRole("checkbox", { name: "Select all rows on this page" }));
    expect(await bar()).toHaveTextContent("10 selected");
    await view.user.click(screen.getByRole("checkbox", { name: "Select all rows on this page" }));
    expect(screen.queryByRole("toolbar", { name: "Selected API tokens" })).not.toBeInTheDocument();
  });

  test("A selection spans pages, and ends when the search changes what it was made from", async () => {
    const view = renderApp(path, { tokens: makeTokens(28) });
    await select(view, "Robot 28");
    await view.user.click(screen.getByRole("button", { name: "Next" }));
    await select(view, "Robot 18");
    expect(await bar()).toHaveTextContent("2 selected");
    await view.user.type(screen.getByRole("searchbox"), "Robot 2");
    await waitFor(() => expect(screen.queryByRole("toolbar", { name: "Selected API tokens" })).not.toBeInTheDocument());
  });

  test("Everything that matches the filter can be selected", async () => {
    const view = renderApp(`${path}?q=Robot+1`, { tokens: makeTokens(28) });
    await select(view, "Robot 19");
    await view.user.click(within(await bar()).getByRole("button", { name: "Select all 11" }));
    await waitFor(async () => expect(await bar()).toHaveTextContent("11 selected"));
    const dialog = await ask(view, "Delete");
    expect(await within(dialog).findByRole("heading", { name: "Delete 11 API tokens?" })).toBeVisible();
  });

  test("An auditor cannot select rows", async () => {
    renderApp(path, { role: "AUDITOR" });
    expect(await screen.findByRole("link", { name: "Robot 28" })).toBeVisible();
    expect(screen.queryByRole("checkbox")).not.toBeInTheDocument();
  });
});

describe("Bulk actions", () => {
  test("Disabling selected tokens shows their use, changes only the active ones and can be undone", async () => {
    const tokens = [
      makeToken(1, { lastAccessAt: hoursAgo(2.1) }),
      makeToken(2, { lastAccessAt: hoursAgo(50) }),
      makeToken(3, { status: "DISABLED" }),
      makeToken(4),
    ];
    const view = renderApp(path, { tokens });
    await select(view, "Robot 1", "Robot 2", "Robot 3");
    const dialog = await ask(view, "Disable");
    expect(await within(dialog).findByRole("heading", { name: "Disable 2 API tokens?" })).toBeVisible();
    expect(dialog).toHaveTextContent("1 API token in your selection can’t be disabled: already disabled or deleted.");
    expect(dialog).toHaveTextContent("1 API token used in the last 24 hours");
    expect(dialog).toHaveTextContent("2 API tokens used in the last 7 days. Last used: Robot 1, 2 hours ago");
    await confirm(view, dialog, "Disable");
    expect(await screen.findByText("2 API tokens are disabled.")).toBeVisible();
    expect(statusesOf(view, 1, 2, 3, 4)).toEqual(["DISABLED", "DISABLED", "DISABLED", "ACTIVE"]);
    expect(screen.queryByRole("toolbar", { name: "Selected API tokens" })).not.toBeInTheDocument();
    await view.user.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Undone. 2 API tokens are active again.")).toBeVisible();
    expect(statusesOf(view, 1, 2, 3, 4)).toEqual(["ACTIVE", "ACTIVE", "DISABLED", "ACTIVE"]);
  });

  test("Enabling selected tokens makes the disabled ones active", async () => {
    const view = renderApp(path, { tokens: [makeToken(1, { status: "DISABLED" }), makeToken(2)] });
    await select(view, "Robot 1", "Robot 2");
    await confirm(view, await ask(view, "Enable"), "Enable");
    expect(await screen.findByText("1 API token is enabled.")).toBeVisible();
    expect(statusesOf(view, 1, 2)).toEqual(["ACTIVE", "ACTIVE"]);
  });

  test("An action that applies to none of the selected tokens can only be closed", async () => {
    const view = renderApp(path, { tokens: [makeToken(1), makeToken(2)] });
    await select(view, "Robot 1");
    const dialog = await ask(view, "Enable");
    expect(
      await within(dialog).findByText(
        "None of the selected API tokens can be enabled: they are already active or were deleted.",
      ),
    ).toBeVisible();
    expect(within(dialog).queryByRole("button", { name: "Enable" })).not.toBeInTheDocument();
  });

  test("Deleting tokens in use asks to type their number", async () => {
    const view = renderApp(path, { tokens: [makeToken(1, { lastAccessAt: hoursAgo(1) }), makeToken(2)] });
    await select(view, "Robot 1", "Robot 2");
    const dialog = await ask(view, "Delete");
    await within(dialog).findByText(/type 2/);
    await confirm(view, dialog, "Delete");
    expect(await within(dialog).findByText("Type “2” exactly as shown.")).toBeVisible();
    expect(view.server.lastVariables("DeleteApiTokens")).toBeUndefined();
    await view.user.type(within(dialog).getByRole("textbox"), "2");
    await confirm(view, dialog, "Delete");
    expect(await screen.findByText("2 API tokens are deleted.")).toBeVisible();
    expect(await screen.findByText("No API tokens yet")).toBeVisible();
  });

  test("Selected tokens get the chosen expiry, 90 days by default", async () => {
    const view = renderApp(path, { tokens: [makeToken(1, unused), makeToken(2, unused)] });
    await select(view, "Robot 1", "Robot 2");
    const dialog = await ask(view, "Set expiry");
    expect(await within(dialog).findByRole("combobox", { name: "Expires" })).toHaveDisplayValue("In 90 days");
    await confirm(view, dialog, "Set expiry");
    expect(await screen.findByText("2 API tokens have a new expiry.")).toBeVisible();
    const days = view.server.state.tokens.map(({ expiresAt }) =>
      Math.floor((Date.parse(expiresAt ?? "") - Date.now()) / 86_400_000),
    );
    expect(days).toEqual([90, 90]);
  });

  test("A selection of 250 is changed in three requests, and only what failed is tried again", async () => {
    const view = renderApp(path, { tokens: Array.from({ length: 250 }, (_, index) => makeToken(index + 1, unused)) });
    await select(view, "Robot 250");
    await view.user.click(within(await bar()).getByRole("button", { name: "Select all 250" }));
    await waitFor(async () => expect(await bar()).toHaveTextContent("250 selected"));
    const dialog = await ask(view, "Disable");
    await within(dialog).findByRole("heading", { name: "Disable 250 API tokens?" });
    const sent = () => view.server.requests.filter(({ operation }) => operation === "DisableApiTokens");
    let answer = () => {};
    view.server.trouble("DisableApiTokens", new Promise<void>((resolve) => (answer = resolve)));
    await confirm(view, dialog, "Disable");
    expect(await within(dialog).findByText("0 of 250 API tokens")).toBeVisible();
    view.server.trouble("DisableApiTokens", "offline");
    answer();
    expect(await within(dialog).findByRole("alert")).toHaveTextContent(
      "100 API tokens changed, but 150 API tokens couldn’t be changed.",
    );
    expect(within(dialog).getByRole("list", { name: "Not changed" })).toHaveTextContent(
      "Robot 150: Can’t reach Hallpass. Check your connection.",
    );
    view.server.heal();
    await confirm(view, dialog, "Try again");
    expect(await screen.findByText("250 API tokens are disabled.")).toBeVisible();
    expect(sent().map(({ variables }) => (variables as { input: { ids: string[] } }).input.ids.length)).toEqual([
      100, 100, 100, 50,
    ]);
  });

  test("Tokens changed by a request whose response was lost count as changed when it is tried again", async () => {
    const view = renderApp(path, { tokens: [makeToken(1, unused), makeToken(2, unused)] });
    await select(view, "Robot 1", "Robot 2");
    const dialog = await ask(view, "Disable");
    await within(dialog).findByRole("heading", { name: "Disable 2 API tokens?" });
    view.server.trouble("DisableApiTokens", "lost");
    await confirm(view, dialog, "Disable");
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("2 API tokens couldn’t be changed.");
    view.server.heal();
    await confirm(view, dialog, "Try again");
    expect(await screen.findByText("2 API tokens are disabled.")).toBeVisible();
  });

  test("A token that someone else disabled never counts as changed", async () => {
    const view = renderApp(path, { tokens: [makeToken(1, unused), makeToken(2, unused)] });
    await select(view, "Robot 1", "Robot 2");
    const dialog = await ask(view, "Disable");
    await within(dialog).findByRole("heading", { name: "Disable 2 API tokens?" });
    for (const token of view.server.state.tokens) if (token.name === "Robot 2") token.status = "DISABLED";
    await confirm(view, dialog, "Disable");
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("1 API token changed, but 1 API token");
    await confirm(view, dialog, "Try again");
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("1 API token changed, but 1 API token");
    expect(screen.queryByRole("button", { name: "Undo" })).not.toBeInTheDocument();
  });

  test("A token that can no longer be changed is listed with the reason", async () => {
    const view = renderApp(path, { tokens: [makeToken(1, unused), makeToken(2, unused)] });
    await select(view, "Robot 1", "Robot 2");
    const dialog = await ask(view, "Disable");
    await within(dialog).findByRole("heading", { name: "Disable 2 API tokens?" });
    view.server.state.tokens.pop();
    await confirm(view, dialog, "Disable");
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("1 API token changed, but 1 API token");
    expect(within(dialog).getByRole("list", { name: "Not changed" })).toHaveTextContent("Robot 2: No such API token.");
  });
});
