import { notifications } from "@mantine/notifications";
import { act, screen, waitFor, within } from "@testing-library/react";
import { makeToken } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";

const path = "/settings/api-tokens/TKN-1234-0001";
const createdBy = (number: number) => ({
  createdBy: { __typename: "ApiToken", id: makeToken(number).id, name: `Robot ${number}` },
});

/** Robot 1 created Robot 2, which created Robot 3 and Robot 4. */
const family = () => [makeToken(1), makeToken(2, createdBy(1)), makeToken(3, createdBy(2)), makeToken(4, createdBy(2))];
const checkbox = () => screen.findByRole("checkbox", { name: /^Also disable/ });

async function choose(view: ReturnType<typeof renderApp>, action: string) {
  await view.user.click(await screen.findByRole("button", { name: "Actions for Robot 1" }));
  await view.user.click(await screen.findByRole("menuitem", { name: action }));
  return screen.findByRole("dialog", { name: `${action} Robot 1?` });
}

const statuses = ({ server }: ReturnType<typeof renderApp>) => server.state.tokens.map(({ status }) => status);

afterEach(() => act(() => notifications.clean()));

describe("Descendants", () => {
  test.each([
    ["Disable", "DISABLED", "Robot 1 is disabled. 3 tokens it created are disabled too."],
    ["Delete", "DELETED", "Robot 1 is deleted. 3 tokens it created are disabled too."],
  ])("%s also disables the descendants when the box is ticked", async (action, status, message) => {
    const view = renderApp("/settings/api-tokens", { tokens: family() });
    const dialog = await choose(view, action);
    await view.user.click(await checkbox());
    expect(await checkbox()).toHaveAccessibleName("Also disable the 3 active tokens it created");
    await view.user.click(within(dialog).getByRole("button", { name: action }));
    expect(await screen.findByText(message)).toBeVisible();
    expect(statuses(view)).toEqual([status, "DISABLED", "DISABLED", "DISABLED"]);
    await waitFor(() => expect(within(screen.getByRole("grid")).queryByText("Active")).not.toBeInTheDocument());
  });

  test("Descendants stay active by default", async () => {
    const view = renderApp(path, { tokens: family() });
    const dialog = await choose(view, "Disable");
    expect(await checkbox()).not.toBeChecked();
    expect(await checkbox()).toHaveAccessibleDescription(/If you leave this off, they stay active\./);
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    expect(await screen.findByText("Robot 1 is disabled.")).toBeVisible();
    expect(statuses(view)).toEqual(["DISABLED", "ACTIVE", "ACTIVE", "ACTIVE"]);
  });

  test.each([
    ["no descendants", [makeToken(1), makeToken(2)]],
    ["only disabled descendants", [makeToken(1), makeToken(2, { ...createdBy(1), status: "DISABLED" })]],
  ])("A token with %s shows no checkbox", async (_, tokens) => {
    const view = renderApp(path, { tokens });
    const dialog = await choose(view, "Disable");
    await waitFor(() =>
      expect(within(dialog).getByRole("button", { name: "Disable" })).not.toHaveAttribute("aria-disabled"),
    );
    expect(within(dialog).queryByRole("checkbox")).not.toBeInTheDocument();
    expect(screen.queryByText("Active tokens it created")).not.toBeInTheDocument();
  });

  test("The action can be cancelled but not confirmed while descendants are counted", async () => {
    const view = renderApp(path, { tokens: family() });
    let answer = () => {};
    view.server.trouble("ApiTokenImpact", new Promise<void>((resolve) => (answer = resolve)));
    const dialog = await choose(view, "Disable");
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    expect(view.server.lastVariables("DisableApiToken")).toBeUndefined();
    await view.user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    answer();
  });

  test("Descendants can be disabled when they cannot be counted", async () => {
    const view = renderApp(path, { tokens: family() });
    view.server.trouble("ApiTokenImpact", "offline");
    const dialog = await choose(view, "Disable");
    await view.user.click(await checkbox());
    expect(await checkbox()).toHaveAccessibleName("Also disable the active tokens it created");
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    expect(await screen.findByText(/3 tokens it created are disabled too/)).toBeVisible();
  });

  test("Undoing includes the descendants", async () => {
    const view = renderApp("/settings/api-tokens", { tokens: family() });
    const dialog = await choose(view, "Disable");
    await view.user.click(await checkbox());
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    await view.user.click(await screen.findByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Undone. 4 API tokens are active again.")).toBeVisible();
    expect(statuses(view)).toEqual(["ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE"]);
  });

  test("The token can be disabled alone when it has too many descendants", async () => {
    const view = renderApp(path, { tokens: family() });
    const dialog = await choose(view, "Disable");
    await view.user.click(await checkbox());
    const message = "The token has more than 1,000 descendants. First disable the tokens it created.";
    view.server.trouble("DisableApiToken", {
      userErrors: [{ code: "LIMIT_REACHED", field: ["includeDescendants"], message }],
    });
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent(message);
    view.server.heal();
    await view.user.click(await checkbox());
    expect(within(dialog).queryByRole("alert")).not.toBeInTheDocument();
    await view.user.click(within(dialog).getByRole("button", { name: "Disable" }));
    expect(await screen.findByText("Robot 1 is disabled.")).toBeVisible();
  });

  test("The token’s page counts active descendants and links to them in the list", async () => {
    const view = renderApp(path, { tokens: family() });
    expect((await screen.findByText("Active tokens it created")).nextElementSibling).toHaveTextContent(/^3/);
    await view.user.click(screen.getByRole("link", { name: "Show in the list" }));
    expect(await screen.findByRole("link", { name: "Robot 2" })).toBeVisible();
    expect(screen.queryByRole("link", { name: "Robot 1" })).not.toBeInTheDocument();
    await view.user.click(screen.getByRole("button", { name: /^Filter/ }));
    expect(await screen.findByRole("checkbox", { name: "TKN-1234-0001" })).toBeChecked();
  });
});
