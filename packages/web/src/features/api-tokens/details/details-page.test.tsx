import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { makeAuditRecord, makeToken } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";

const token = makeToken(1, { name: "Robot 1", description: "Synchronises orders" });
const path = `/settings/api-tokens/${token.id}`;
const value = token.value;

function openDetails(tab = "", changes: Parameters<typeof renderApp>[1] = {}) {
  return renderApp(path + tab, { tokens: [{ ...token }], ...changes });
}

/** Expects the value to be absent from the page, Apollo’s cache, storage and the URL. */
function expectValueNowhere({ client, url }: ReturnType<typeof renderApp>) {
  const places = [
    document.documentElement.outerHTML,
    JSON.stringify(client.extract()),
    JSON.stringify({ ...localStorage }),
    JSON.stringify({ ...sessionStorage }),
    url(),
  ];
  for (const place of places) expect(place).not.toContain(value);
}

describe("Token details", () => {
  test("The page shows the token’s name, ID, status, account and description", async () => {
    openDetails();
    expect(await screen.findByRole("heading", { level: 1, name: "Robot 1" })).toBeVisible();
    expect(screen.getByText("API token TKN-1234-0001")).toBeVisible();
    expect(screen.getByText("Active")).toBeVisible();
    expect(screen.getByText("Northwind", { selector: "dd" })).toHaveTextContent("ACC-0001-0002");
    expect(screen.getByText("Synchronises orders")).toBeVisible();
    expect(screen.getByRole("link", { name: "Back to API tokens" })).toHaveAttribute(
      "href",
      "/ACC-0001-0002/settings/api-tokens",
    );
  });

  test("Each tab has its own URL, and arrow keys move between tabs", async () => {
    const { user, url } = openDetails();
    (await screen.findByRole("tab", { name: "General" })).focus();
    await user.keyboard("{ArrowRight}");
    expect(await screen.findByRole("table", { name: "Modules" })).toHaveTextContent("Access managementMOD-1255");
    expect(url()).toBe(`${path}/modules`);
    await user.keyboard("{ArrowRight}");
    expect(within(await screen.findByRole("table", { name: "Dates" })).getByText("Created")).toBeVisible();
    expect(screen.getByRole("tab", { name: "Details", selected: true })).toHaveFocus();
    expect(url()).toBe(`${path}/details`);
  });

  test("A token without modules shows a message", async () => {
    openDetails("/modules", { tokens: [{ ...token, modules: [] }] });
    expect(await screen.findByText("This API token has no modules.")).toBeVisible();
  });

  test("The token’s audit trail can be paged, and opens its records", async () => {
    const auditRecords = Array.from({ length: 12 }, (_, index) =>
      makeAuditRecord(index + 1, { objectId: token.id, summary: `Change ${index + 1}` }),
    );
    const { user, url } = openDetails("/audit-trail", { auditRecords });
    expect(await screen.findByText("Change 12")).toBeVisible();
    expect(screen.queryByText("Change 1")).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Next" }));
    expect(await screen.findByText("Change 1")).toBeVisible();
    expect(screen.getByText("11-12 of 12 rows")).toBeVisible();
    expect(url()).toBe(`${path}/audit-trail?page=2`);
    await user.click(screen.getByRole("link", { name: "View details: Change 1" }));
    expect(await screen.findByRole("dialog", { name: "Record 1" })).toBeVisible();
    expect(url()).toBe(`${path}/audit-trail?page=2&record=AUD-1`);
  });

  test("An unknown token ID shows an error page", async () => {
    renderApp("/settings/api-tokens/TKN-0000-0000");
    expect(await screen.findByRole("heading", { name: "API token not found" })).toBeVisible();
    expect(screen.getByRole("link", { name: "Go to API tokens" })).toBeVisible();
  });

  test("A failed load shows an error, and retrying shows the token", async () => {
    const { user, server } = renderAppInTrouble();
    expect(await screen.findByRole("alert")).toHaveTextContent("Can’t reach Hallpass. Check your connection.");
    server.heal();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Robot 1" })).toBeVisible();
  });

  test("An auditor sees why the value is unavailable and has no actions", async () => {
    openDetails("", { role: "AUDITOR" });
    expect(await screen.findByText("Only administrators of the account can show or copy the value.")).toBeVisible();
    expect(screen.queryByRole("button", { name: /Show|Copy API token|Edit|Actions/ })).not.toBeInTheDocument();
  });

  test("An operator sees a deleted token without its value", async () => {
    openDetails("", {
      accountId: "ACC-0001-0001",
      tokens: [{ ...token, accountId: "ACC-0001-0001", status: "DELETED" }],
    });
    expect(await screen.findByText("The value was destroyed when the API token was deleted.")).toBeVisible();
    expect(screen.queryByText(/hp_/)).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Edit" })).not.toBeInTheDocument();
  });
});

describe("Token value", () => {
  async function show(view: ReturnType<typeof renderApp>, user = view.user) {
    await user.click(await screen.findByRole("button", { name: "Show API token" }));
    expect(await screen.findByText(value)).toBeVisible();
  }

  test("The value is masked until it is shown, and can be hidden again", async () => {
    const view = openDetails();
    expect(await screen.findByText("hp_12340001_••••••••")).toBeVisible();
    expectValueNowhere(view);
    await show(view);
    expect(view.server.lastVariables("RevealApiToken")).toEqual({ input: { id: token.id, purpose: "SHOW" } });
    await view.user.click(screen.getByRole("button", { name: "Hide API token" }));
    expectValueNowhere(view);
  });

  test("The value never enters Apollo’s cache when it is shown or copied", async () => {
    const view = openDetails();
    const written = jest.spyOn(view.client.cache, "write");
    await show(view);
    await view.user.click(screen.getByRole("button", { name: "Copy API token" }));
    await screen.findAllByText("Copied");
    expect(JSON.stringify(written.mock.calls)).not.toContain(value);
  });

  test("The value is hidden after a 30-second countdown", async () => {
    jest.useFakeTimers();
    try {
      const view = openDetails();
      await show(view, userEvent.setup({ advanceTimers: jest.advanceTimersByTime }));
      await act(() => jest.advanceTimersByTimeAsync(27_000));
      expect(screen.getByText(/Hides in [34] s/)).toBeVisible();
      expect(screen.getByText(value)).toBeVisible();
      await act(() => jest.advanceTimersByTimeAsync(3_500));
      expectValueNowhere(view);
    } finally {
      jest.useRealTimers();
    }
  });

  test("The value is hidden on leaving the tab and stays hidden on return", async () => {
    const view = openDetails();
    await show(view);
    await view.user.click(screen.getByRole("tab", { name: "Modules" }));
    await screen.findByRole("table", { name: "Modules" });
    expectValueNowhere(view);
    await view.user.click(screen.getByRole("tab", { name: "General" }));
    expect(await screen.findByText("hp_12340001_••••••••")).toBeVisible();
    expectValueNowhere(view);
  });

  test("The value is hidden when the window is hidden", async () => {
    const view = openDetails();
    await show(view);
    hideWindow();
    expectValueNowhere(view);
  });

  test("A value that arrives after the window is hidden is discarded", async () => {
    const view = openDetails();
    let answer = () => {};
    view.server.trouble("RevealApiToken", new Promise<void>((resolve) => (answer = resolve)));
    await view.user.click(await screen.findByRole("button", { name: "Show API token" }));
    hideWindow();
    answer();
    await waitFor(() => expect(view.server.state.auditRecords.at(-1)?.event).toBe("api_token.revealed"));
    await act(() => new Promise<void>((resolve) => setTimeout(resolve)));
    expectValueNowhere(view);
    expect(screen.getByRole("button", { name: "Show API token" })).toBeVisible();
  });

  test("The value can be copied without being shown", async () => {
    const view = openDetails();
    await view.user.click(await screen.findByRole("button", { name: "Copy API token" }));
    expect(await screen.findAllByText("Copied")).not.toHaveLength(0);
    await waitFor(async () => expect(await navigator.clipboard.readText()).toBe(value));
    expect(view.server.lastVariables("RevealApiToken")).toEqual({ input: { id: token.id, purpose: "COPY" } });
    expectValueNowhere(view);
  });

  test("A blocked copy shows an error", async () => {
    const view = openDetails();
    jest.spyOn(navigator.clipboard, "write").mockRejectedValue(new DOMException("denied", "NotAllowedError"));
    jest.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new DOMException("denied", "NotAllowedError"));
    await view.user.click(await screen.findByRole("button", { name: "Copy API token" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Your browser blocked copying. Show the value");
    expectValueNowhere(view);
  });

  test("A failed request for the value shows an error, and retrying shows the value", async () => {
    const view = openDetails();
    view.server.trouble("RevealApiToken", "offline");
    await view.user.click(await screen.findByRole("button", { name: "Show API token" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Can’t reach Hallpass.");
    view.server.heal();
    await show(view);
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });
});

function renderAppInTrouble() {
  const view = openDetails();
  view.server.trouble("ApiTokenDetails", "offline");
  return view;
}

function hideWindow() {
  const state = jest.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
  state.mockRestore();
}

afterEach(() => jest.restoreAllMocks());
