import { notifications } from "@mantine/notifications";
import { act, screen, waitFor, within } from "@testing-library/react";
import { makeToken } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";

const path = "/settings/api-tokens/TKN-1234-0001";

async function openMenu({ user }: ReturnType<typeof renderApp>) {
  await user.click(await screen.findByRole("button", { name: "Actions for Robot 1" }));
  return screen.findByRole("menu");
}

async function choose(view: ReturnType<typeof renderApp>, action: string) {
  await openMenu(view);
  await view.user.click(await screen.findByRole("menuitem", { name: action }));
  return screen.findByRole("dialog", { name: `${action} Robot 1?` });
}

const withToken = (changes: Parameters<typeof makeToken>[1] = {}) => ({ tokens: [makeToken(1, changes)] });

afterEach(() => act(() => notifications.clean()));

describe("Actions menu", () => {
  test.each([
    ["ACTIVE", ["Edit", "Duplicate", "Rotate", "Disable", "Delete"]],
    ["DISABLED", ["Edit", "Duplicate", "Rotate", "Enable", "Delete"]],
  ] as const)("The menu offers the actions for the status %s", async (status, expected) => {
    const view = renderApp("/settings/api-tokens", withToken({ status }));
    const menu = await openMenu(view);
    expect(
      within(menu)
        .getAllByRole("menuitem")
        .map((item) => item.textContent),
    ).toEqual(expected);
  });

  test("An auditor reads that a token is view only", async () => {
    renderApp("/settings/api-tokens", { ...withToken(), role: "AUDITOR" });
    expect(await screen.findByText("View only")).toBeVisible();
    expect(screen.queryByRole("button", { name: /Robot 1/ })).not.toBeInTheDocument();
  });

  test("Disabling a token asks first, updates the page and then offers Enable", async () => {
    const view = renderApp(path, withToken());
    const dialog = await choose(view, "Disable");
    expect(dialog).toHaveTextContent("Every request with this token will be denied until you enable it again.");
    await waitFor(() => expect(within(dialog).getByRole("button", { name: "Cancel" })).toHaveFocus());
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    expect(await screen.findByText("Robot 1 is disabled.")).toBeVisible();
    expect(await screen.findByText("Disabled")).toBeVisible();
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    expect(within(await openMenu(view)).getByRole("menuitem", { name: "Enable" })).toBeVisible();
  });

  test("Escape cancels the action and returns focus to the menu’s button", async () => {
    const view = renderApp(path, withToken());
    await choose(view, "Disable");
    await view.user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await waitFor(() => expect(screen.getByRole("button", { name: "Actions for Robot 1" })).toHaveFocus());
    expect(view.server.lastVariables("DisableApiToken")).toBeUndefined();
  });

  test("Enabling a token makes it active", async () => {
    const view = renderApp(path, withToken({ status: "DISABLED" }));
    const dialog = await choose(view, "Enable");
    await view.user.click(within(dialog).getByRole("button", { name: "Enable" }));
    expect(await screen.findByText("Robot 1 is enabled.")).toBeVisible();
    expect(await screen.findByText("Active")).toBeVisible();
  });

  test("A deleted token disappears from the list", async () => {
    const view = renderApp("/settings/api-tokens", { tokens: [makeToken(1), makeToken(2)] });
    const dialog = await choose(view, "Delete");
    expect(dialog).toHaveTextContent("You can’t restore a deleted token.");
    await view.user.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await screen.findByText("Robot 1 is deleted.")).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("link", { name: "Robot 1" })).not.toBeInTheDocument());
    expect(screen.getByRole("link", { name: "Robot 2" })).toBeVisible();
  });

  test("Deleting a token from its page returns to the list", async () => {
    const view = renderApp(path, withToken());
    const dialog = await choose(view, "Delete");
    await view.user.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await screen.findByText("Robot 1 is deleted.")).toBeVisible();
    await waitFor(() => expect(view.url()).toBe("/settings/api-tokens"));
  });
});

describe("Impact", () => {
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const day = (daysAgo: number) => hoursAgo(24 * daysAgo).slice(0, 10);

  test("The question says when, from where, by what and how often the token is used", async () => {
    const usageByDay = {
      [day(0)]: { allowed: 1000, denied: 5 },
      [day(1)]: { allowed: 234, denied: 0 },
      [day(5)]: { allowed: 1, denied: 0 },
    };
    const view = renderApp(path, withToken({ lastAccessAt: hoursAgo(3.1), usageByDay }));
    const dialog = await choose(view, "Disable");
    expect(
      await within(dialog).findByText(/^Last used 3 hours ago from 203\.0\.113\.7 by .*order-sync\/2\.4/),
    ).toBeVisible();
    expect(dialog).toHaveTextContent("1,234 requests since yesterday, 1,235 requests in the last 7 days (UTC)");
  });

  test("Deleting a token used in the last 24 hours asks to type its name", async () => {
    const view = renderApp("/settings/api-tokens", withToken({ lastAccessAt: hoursAgo(23) }));
    const dialog = await choose(view, "Delete");
    const field = await within(dialog).findByRole("textbox", {
      name: "This token is in use. To delete it, type its name",
    });
    await view.user.type(field, "Robot 2");
    await view.user.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await within(dialog).findByText("Type “Robot 1” exactly as shown.")).toBeVisible();
    expect(view.server.lastVariables("DeleteApiToken")).toBeUndefined();
    await view.user.clear(field);
    await view.user.type(field, "Robot 1");
    await view.user.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await screen.findByText("Robot 1 is deleted.")).toBeVisible();
  });

  test("Deleting a token that is not in use does not ask to type anything", async () => {
    const view = renderApp("/settings/api-tokens", withToken({ lastAccessAt: hoursAgo(25) }));
    const dialog = await choose(view, "Delete");
    expect(await within(dialog).findByText(/^Last used 1 day ago/)).toBeVisible();
    expect(within(dialog).queryByRole("textbox")).not.toBeInTheDocument();
  });

  test("A token whose use cannot be loaded is deleted by name, whatever the screen shows of its spaces", async () => {
    const view = renderApp("/settings/api-tokens", withToken({ name: "Two  spaces" }));
    view.server.trouble("ApiTokenImpact", "offline");
    await view.user.click(await screen.findByRole("button", { name: "Actions for Two spaces" }));
    await view.user.click(await screen.findByRole("menuitem", { name: "Delete" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete Two spaces?" });
    const field = await within(dialog).findByRole("textbox", { name: /^Its use couldn’t be loaded/ });
    await view.user.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(view.server.lastVariables("DeleteApiToken")).toBeUndefined();
    await view.user.type(field, "Two spaces");
    await view.user.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await screen.findByText(/is deleted\.$/)).toBeVisible();
  });

  test("An action whose impact cannot be loaded can still be taken", async () => {
    const view = renderApp("/settings/api-tokens", withToken());
    view.server.trouble("ApiTokenImpact", "offline");
    const dialog = await choose(view, "Disable");
    await waitFor(() =>
      expect(within(dialog).getByRole("button", { name: "Disable" })).not.toHaveAttribute("aria-disabled"),
    );
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    expect(await screen.findByText("Robot 1 is disabled.")).toBeVisible();
  });
});

describe("Undo", () => {
  test.each([
    ["Disable", "ACTIVE", "Undone. 1 API token is active again."],
    ["Enable", "DISABLED", "Undone. 1 API token is disabled again."],
  ] as const)("%s can be undone", async (action, before, message) => {
    const view = renderApp(path, withToken({ status: before }));
    const dialog = await choose(view, action);
    await view.user.click(within(dialog).getByRole("button", { name: action }));
    await view.user.click(await screen.findByRole("button", { name: "Undo" }));
    expect(await screen.findByText(message)).toBeVisible();
    expect(view.server.state.tokens[0]?.status).toBe(before);
  });

  test("Undoing after switching accounts changes the account of the action", async () => {
    const view = renderApp(path, withToken());
    const dialog = await choose(view, "Disable");
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    const undo = await screen.findByRole("button", { name: "Undo" });
    await view.user.click(screen.getByRole("button", { name: /Northwind/ }));
    await view.user.click(await screen.findByRole("menuitemradio", { name: /Contoso/ }));
    expect(await screen.findByText("No API tokens yet")).toBeVisible();
    await view.user.click(undo);
    expect(await screen.findByText("Undone. 1 API token is active again.")).toBeVisible();
    expect(view.server.requests.findLast(({ operation }) => operation === "EnableApiTokens")?.account).toBe(
      "ACC-0001-0002",
    );
  });

  test("An undo that fails says so, and can be tried again", async () => {
    const view = renderApp(path, withToken());
    const dialog = await choose(view, "Disable");
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    const undo = await screen.findByRole("button", { name: "Undo" });
    view.server.trouble("EnableApiTokens", "offline");
    await view.user.click(undo);
    expect(
      await screen.findByText("Couldn’t undo this for 1 API token. Can’t reach Hallpass. Check your connection."),
    ).toBeVisible();
    expect(view.server.state.tokens[0]?.status).toBe("DISABLED");
    view.server.heal();
    await view.user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Undone. 1 API token is active again.")).toBeVisible();
  });
});

describe("Action errors", () => {
  test("An unreachable server shows an error, and retrying completes the action", async () => {
    const view = renderApp(path, withToken());
    const dialog = await choose(view, "Disable");
    view.server.trouble("DisableApiToken", "offline");
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("Can’t reach Hallpass.");
    expect(screen.getByText("Active")).toBeVisible();
    view.server.heal();
    await view.user.click(within(dialog).getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Robot 1 is disabled.")).toBeVisible();
  });

  test("A forbidden action shows a permission error", async () => {
    const view = renderApp(path, withToken());
    const dialog = await choose(view, "Disable");
    view.server.trouble("DisableApiToken", { code: "FORBIDDEN" });
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("You don’t have permission to do this.");
  });

  test("A stale deletion shows an error, and closing it refreshes the list", async () => {
    const view = renderApp("/settings/api-tokens", withToken());
    const dialog = await choose(view, "Delete");
    view.server.state.tokens = [makeToken(3)];
    await view.user.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("This API token no longer exists.");
    expect(within(dialog).queryByRole("button", { name: "Try again" })).not.toBeInTheDocument();
    await view.user.click(within(dialog).getByText("Close"));
    expect(await screen.findByRole("link", { name: "Robot 3" })).toBeVisible();
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  test("A running action cannot be sent twice or closed", async () => {
    const view = renderApp(path, withToken());
    const dialog = await choose(view, "Disable");
    let answer = () => {};
    view.server.trouble("DisableApiToken", new Promise<void>((resolve) => (answer = resolve)));
    await view.user.dblClick(within(dialog).getByRole("button", { name: "Disable" }));
    await view.user.keyboard("{Escape}");
    expect(dialog).toBeVisible();
    answer();
    expect(await screen.findByText("Robot 1 is disabled.")).toBeVisible();
    expect(view.server.requests.filter(({ operation }) => operation === "DisableApiToken")).toHaveLength(1);
  });
});
