import { notifications } from "@mantine/notifications";
import { act, screen, waitFor, within } from "@testing-library/react";
import { makeToken, modules } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";

type View = ReturnType<typeof renderApp>;

const token = makeToken(2, { name: "Robot 2", description: "Reads orders", version: 4 });

function openPage(changes: Parameters<typeof renderApp>[1] = {}): View {
  return renderApp(`/settings/api-tokens/${token.id}`, { tokens: [{ ...token }], ...changes });
}

async function openDialog(view: View) {
  await view.user.click(await screen.findByRole("button", { name: "Edit" }));
  await screen.findByLabelText("API token name");
  return screen.getByRole("dialog", { name: "Edit API token" });
}

const save = (view: View) => view.user.click(screen.getByRole("button", { name: "Save" }));
const sent = (view: View) => view.server.lastVariables("UpdateApiToken");

async function rename(view: View, name: string) {
  const field = screen.getByLabelText("API token name");
  await view.user.clear(field);
  await view.user.type(field, name);
}

afterEach(() => act(() => notifications.clean()));

describe("Edit dialog", () => {
  test("Removing a module says what would be denied and how the token is used", async () => {
    const view = openPage({ tokens: [{ ...token, lastAccessAt: new Date(Date.now() - 7_500_000).toISOString() }] });
    const dialog = await openDialog(view);
    await view.user.click(within(dialog).getByRole("button", { name: "Modules" }));
    await view.user.click(await screen.findByRole("checkbox", { name: /Orders/ }));
    await view.user.click(screen.getByRole("checkbox", { name: /Billing/ }));
    expect(await within(dialog).findByText(/^Last used 2 hours ago from 203\.0\.113\.7/)).toBeVisible();
    expect(dialog).toHaveTextContent("Once saved, requests that need Orders and Billing will be denied.");
    await view.user.click(screen.getByRole("checkbox", { name: /Orders/ }));
    await view.user.click(screen.getByRole("checkbox", { name: /Billing/ }));
    expect(dialog).not.toHaveTextContent("Once saved");
  });

  test("Saving sends only the changes with the version, and updates the page", async () => {
    const view = openPage();
    await openDialog(view);
    await rename(view, "Order reader");
    await save(view);
    expect(await screen.findByText("Order reader is saved.")).toBeVisible();
    expect(sent(view)).toEqual({ input: { id: token.id, version: 4, name: "Order reader" } });
    expect(screen.getByRole("heading", { level: 1, name: "Order reader" })).toBeVisible();
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    await waitFor(() => expect(screen.getByRole("button", { name: "Edit" })).toHaveFocus());
  });

  test("The second step changes the modules", async () => {
    const view = openPage();
    await openDialog(view);
    await view.user.click(screen.getByRole("button", { name: "Modules" }));
    await view.user.click(await screen.findByRole("checkbox", { name: /Audit/ }));
    await view.user.click(screen.getByRole("checkbox", { name: /Billing/ }));
    await save(view);
    expect(await screen.findByText("Robot 2 is saved.")).toBeVisible();
    expect(sent(view)).toEqual({
      input: { id: token.id, version: 4, moduleIds: ["MOD-1255", "MOD-1290", "MOD-1310"] },
    });
  });

  test("Saving clears the description and sets an expiry date", async () => {
    const view = openPage();
    await openDialog(view);
    await view.user.clear(screen.getByLabelText(/Description/));
    await view.user.selectOptions(screen.getByLabelText("Expires"), "In 90 days");
    await save(view);
    expect(await screen.findByText("Robot 2 is saved.")).toBeVisible();
    expect(sent(view)).toEqual({
      input: { id: token.id, version: 4, description: null, expiresAt: expect.stringMatching(/^20/) },
    });
  });

  test("Saving without changes sends no request", async () => {
    const view = openPage();
    await openDialog(view);
    await save(view);
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(sent(view)).toBeUndefined();
  });

  test("A module no longer enabled for the account is marked", async () => {
    const view = openPage({ modules: modules.filter(({ name }) => name !== "Billing") });
    await openDialog(view);
    await view.user.click(screen.getByRole("button", { name: "Modules" }));
    const lost = await screen.findByRole("checkbox", { name: /Billing.*Not enabled for this account/ });
    expect(lost).toBeChecked();
  });

  test("Closing with unsaved changes asks for confirmation", async () => {
    const view = openPage();
    await openDialog(view);
    await rename(view, "Else");
    await view.user.click(screen.getByText("Close"));
    expect(await screen.findByRole("dialog", { name: "Discard changes?" })).toBeVisible();
  });
});

describe("Edit errors", () => {
  test("A stale edit keeps its input and can be saved on top of the latest version", async () => {
    const view = openPage();
    await openDialog(view);
    await rename(view, "Mine");
    Object.assign(view.server.state.tokens[0] ?? {}, { version: 5, description: "Theirs" });
    await save(view);
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("Sarah Sanderson changed the description since you opened this.");
    expect(alert).toHaveFocus();
    expect(screen.getByLabelText("API token name")).toHaveValue("Mine");
    await view.user.click(within(alert).getByRole("button", { name: "Load latest version" }));
    expect(screen.getByLabelText(/Description/)).toHaveValue("Theirs");
    expect(screen.getByLabelText("API token name")).toHaveValue("Mine");
    await save(view);
    expect(await screen.findByText("Mine is saved.")).toBeVisible();
    expect(sent(view)).toEqual({ input: { id: token.id, version: 5, name: "Mine" } });
  });

  test("An error from the server opens its step and appears at its field", async () => {
    const view = openPage();
    await openDialog(view);
    await rename(view, "Mine");
    view.server.trouble("UpdateApiToken", {
      userErrors: [{ code: "MODULE_NOT_ENABLED", field: ["moduleIds", "0"], message: "Billing is not enabled." }],
    });
    await save(view);
    expect(await screen.findByRole("heading", { level: 3, name: "Modules" })).toBeVisible();
    expect(screen.getByRole("alert")).toHaveTextContent("Billing is not enabled.");
  });

  test("An unreachable server keeps the input, and saving again succeeds", async () => {
    const view = openPage();
    await openDialog(view);
    await rename(view, "Mine");
    view.server.trouble("UpdateApiToken", "offline");
    await save(view);
    expect(await screen.findByRole("alert")).toHaveTextContent("Your changes are still here.");
    view.server.heal();
    await save(view);
    expect(await screen.findByText("Mine is saved.")).toBeVisible();
  });

  test("A failed load shows an error, and retrying opens the form", async () => {
    const view = openPage();
    await screen.findByRole("button", { name: "Edit" });
    view.server.trouble("EditableApiToken", "offline");
    await view.user.click(screen.getByRole("button", { name: "Edit" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Can’t reach Hallpass.");
    view.server.heal();
    await view.user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByLabelText("API token name")).toHaveValue("Robot 2");
  });
});
