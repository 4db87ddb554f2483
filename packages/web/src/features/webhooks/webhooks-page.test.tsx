import { screen, waitFor, within } from "@testing-library/react";
import { renderApp } from "../../test/render-app";

const at = "2026-11-01T09:00:00.000Z";
const makeDelivery = (id: string, changes: object = {}) => ({
  id,
  messageId: `AUD-0001-0002-${id}`,
  event: "api_token.disabled",
  status: "DELIVERED" as const,
  attempts: 1,
  createdAt: at,
  nextAttemptAt: null,
  lastAttemptAt: at,
  responseStatus: 204,
  response: "",
  ...changes,
});
const makeWebhook = (changes: object = {}) => ({
  id: "webhook",
  url: "https://hooks.example/hallpass",
  events: ["api_token.disabled"],
  enabled: true,
  createdAt: at,
  deliveries: [],
  ...changes,
});
const failed = () => makeDelivery("7", { status: "FAILED", responseStatus: 500, response: "Oops", attempts: 13 });
const card = () => screen.findByRole("region", { name: "https://hooks.example/hallpass" });
const press = async ({ user }: ReturnType<typeof renderApp>, name: string) =>
  user.click(within(await card()).getByRole("button", { name }));

describe("Webhooks page", () => {
  test("A webhook is added, and its secret is shown once", async () => {
    const { user, server } = renderApp("/settings/api-tokens");
    await user.click(await screen.findByRole("link", { name: "Webhooks" }));
    expect(await screen.findByText("No webhooks yet")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Add webhook" }));
    const dialog = await screen.findByRole("dialog", { name: "Add webhook" });
    await user.type(within(dialog).getByLabelText("URL"), "https://hooks.example/hallpass");
    await user.click(within(dialog).getByRole("checkbox", { name: "Policy changed" }));
    await user.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(await screen.findByText("whsec_first")).toBeVisible();
    await waitFor(() => expect(screen.getByRole("button", { name: "Done" })).toHaveFocus());
    await user.keyboard("{Escape}");
    expect(screen.getByText("whsec_first")).toBeVisible();
    expect(server.state.webhooks[0]?.events).toEqual([
      "api_token.created",
      "api_token.disabled",
      "api_token.deleted",
      "account.policy_changed",
    ]);
    await user.click(screen.getByRole("button", { name: "Done" }));
    expect(await card()).toHaveTextContent("API token created, API token disabled");
    expect(screen.queryByText("whsec_first")).not.toBeInTheDocument();
  });

  test.each([
    ["hooks.example", "Enter an https URL."],
    ["http://hooks.example", "Enter an https URL."],
  ])("The URL %s is rejected at its field", async (url, message) => {
    const { user } = renderApp("/settings/webhooks");
    await user.click(await screen.findByRole("button", { name: "Add webhook" }));
    await user.type(await screen.findByLabelText("URL"), url);
    await user.click(screen.getByRole("button", { name: "Add" }));
    expect(await screen.findByText(message)).toBeVisible();
    expect(screen.getByLabelText("URL")).toBeInvalid();
  });

  test("Deliveries show what was answered, and one that failed can be sent again", async () => {
    const pending = makeDelivery("8", { status: "PENDING", attempts: 2, nextAttemptAt: at, responseStatus: null });
    const view = renderApp("/settings/webhooks", {
      webhooks: [makeWebhook({ deliveries: [{ ...pending, response: "No response within 10 seconds." }, failed()] })],
    });
    const [first, second] = within(await card()).getAllByRole("listitem");
    expect(first).toHaveTextContent(/^PendingAPI token disabledNo response within 10 seconds\., tried 2 times/);
    expect(second).toHaveTextContent(/^FailedAPI token disabledStatus 500: Oops/);
    expect(within(first as HTMLElement).queryByRole("button")).not.toBeInTheDocument();
    await view.user.click(screen.getByRole("button", { name: "Send again: API token disabled, AUD-0001-0002-7" }));
    await waitFor(() => expect(screen.getAllByText("Pending")).toHaveLength(2));
  });

  test("A test that is not delivered says why", async () => {
    const view = renderApp("/settings/webhooks", { webhooks: [makeWebhook()] });
    await press(view, "Send test");
    expect(await screen.findByText("Test not delivered")).toBeVisible();
    expect(screen.getByText("connect ECONNREFUSED")).toBeVisible();
  });

  test("A webhook can be disabled, edited, given a new secret and deleted", async () => {
    const view = renderApp("/settings/webhooks", { webhooks: [makeWebhook()] });
    await press(view, "Disable");
    expect(await screen.findByText("Disabled")).toBeVisible();
    await press(view, "Edit");
    await view.user.click(await screen.findByRole("checkbox", { name: "API token created" }));
    await view.user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(view.server.state.webhooks[0]?.events).toEqual(["api_token.created", "api_token.disabled"]);
    await press(view, "Rotate secret");
    await view.user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Rotate secret" }));
    expect(await screen.findByText("whsec_second")).toBeVisible();
    await view.user.click(screen.getByRole("button", { name: "Done" }));
    await press(view, "Delete");
    await view.user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete" }));
    expect(await screen.findByText("No webhooks yet")).toBeVisible();
  });

  test("A deletion that fails can be tried again", async () => {
    const view = renderApp("/settings/webhooks", { webhooks: [makeWebhook()] });
    view.server.trouble("DeleteWebhook", "offline");
    await press(view, "Delete");
    const dialog = await screen.findByRole("dialog");
    await view.user.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("Can’t reach Hallpass.");
    view.server.heal();
    await view.user.click(within(dialog).getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("No webhooks yet")).toBeVisible();
  });

  test("A webhook that someone has deleted says so", async () => {
    const view = renderApp("/settings/webhooks", { webhooks: [makeWebhook()] });
    await card();
    view.server.state.webhooks = [];
    await press(view, "Disable");
    expect(await screen.findByText("Webhook not found.")).toBeVisible();
    expect(await screen.findByText("No webhooks yet")).toBeVisible();
  });

  test("An auditor sees webhooks and deliveries, and can change nothing", async () => {
    renderApp("/settings/webhooks", { role: "AUDITOR", webhooks: [makeWebhook({ deliveries: [failed()] })] });
    expect(await card()).toHaveTextContent("Status 500: Oops");
    expect(within(await card()).queryByRole("button")).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Add webhook" })).not.toBeInTheDocument();
  });
});
