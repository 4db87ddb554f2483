import { act, screen, waitFor } from "@testing-library/react";
import { makeToken, makeTokens } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";

describe("Failing server", () => {
  test("Loaded rows stay when they cannot be reloaded, and say so until a retry succeeds", async () => {
    const { user, server } = renderApp("/settings/api-tokens");
    await screen.findByRole("link", { name: "Robot 28" });
    server.trouble("ApiTokens", "offline");
    await user.click(screen.getByRole("button", { name: "Refresh" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("API tokens couldn’t be loaded");
    expect(alert).toHaveTextContent("These rows were loaded earlier and may be out of date.");
    expect(screen.getByRole("link", { name: "Robot 28" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Next" }));
    await waitFor(() => expect(server.lastVariables("ApiTokens")).toMatchObject({ offset: 10 }));
    expect(await screen.findByRole("heading", { name: "API tokens couldn’t be loaded" })).toBeVisible();
    // Rows of one page must not pass for those of another.
    expect(screen.queryByRole("link", { name: "Robot 28" })).not.toBeInTheDocument();
    server.heal();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("link", { name: "Robot 18" })).toBeVisible();
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });

  test("No row of another account stays when the new account’s tokens cannot be loaded", async () => {
    const { user, server } = renderApp("/settings/api-tokens");
    await screen.findByRole("link", { name: "Robot 28" });
    server.trouble("ApiTokens", "offline");
    await user.click(screen.getByRole("button", { name: /Northwind/ }));
    await user.click(await screen.findByRole("menuitemradio", { name: /Contoso/ }));
    expect(await screen.findByRole("heading", { name: "API tokens couldn’t be loaded" })).toBeVisible();
    expect(screen.queryByRole("link", { name: "Robot 28" })).not.toBeInTheDocument();
  });
});

describe("Live rows", () => {
  const updated = () => act(() => jest.advanceTimersByTimeAsync(10_500));

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test("Changes made by others appear in the rows, and keep their places", async () => {
    const { server } = renderApp("/settings/api-tokens", { tokens: [makeToken(1), makeToken(2)] });
    await screen.findByRole("link", { name: "Robot 1" });
    server.state.tokens[0] = makeToken(1, {
      name: "Renamed",
      status: "DISABLED",
      lastAccessAt: new Date().toISOString(),
      previousValueExpiresAt: new Date(Date.now() + 50 * 3_600_000).toISOString(),
    });
    await updated();
    const row = (await screen.findByRole("link", { name: "Renamed" })).closest("tr") as HTMLElement;
    expect(row).toHaveTextContent("Disabled");
    expect(row).toHaveTextContent("just now");
    expect(row).toHaveTextContent("Rotation ends in 2 days");
    expect(screen.getAllByRole("row").indexOf(row)).toBe(2);
  });

  test("Added tokens are announced, and appear after a refresh", async () => {
    const { server } = renderApp("/settings/api-tokens", { tokens: [makeToken(1)] });
    await screen.findByRole("link", { name: "Robot 1" });
    server.state.tokens.push(makeToken(2));
    await updated();
    const refresh = await screen.findByRole("button", { name: "Refresh: the list has changed" });
    expect(screen.queryByRole("link", { name: "Robot 2" })).not.toBeInTheDocument();
    act(() => refresh.click());
    await updated();
    expect(await screen.findByRole("link", { name: "Robot 2" })).toBeVisible();
    expect(screen.getByRole("button", { name: "Refresh" })).toBeVisible();
  });

  test("Tokens added to more than 10,000 are announced until a refresh", async () => {
    const { server } = renderApp("/settings/api-tokens?sort=name", { tokens: makeTokens(10_010) });
    await screen.findByRole("link", { name: "Robot 1" });
    await updated();
    expect(screen.getByRole("button", { name: "Refresh" })).toBeVisible();
    server.state.tokens.push(makeToken(10_011));
    await updated();
    const refresh = await screen.findByRole("button", { name: "Refresh: the list has changed" });
    await updated();
    expect(refresh).toHaveAccessibleName("Refresh: the list has changed");
    act(() => refresh.click());
    await updated();
    expect(await screen.findByRole("button", { name: "Refresh" })).toBeVisible();
  });

  test("An unattended page does not ask, so that its session can end", async () => {
    const { server } = renderApp("/settings/api-tokens", { tokens: [makeToken(1)] });
    await screen.findByRole("link", { name: "Robot 1" });
    await act(() => jest.advanceTimersByTimeAsync(600_000));
    const before = server.requests.length;
    await act(() => jest.advanceTimersByTimeAsync(60_000));
    expect(server.requests).toHaveLength(before);
    act(() => void document.dispatchEvent(new Event("pointermove", { bubbles: true })));
    await updated();
    expect(server.requests.length).toBeGreaterThan(before);
  });

  test("A hidden page does not ask", async () => {
    const { server } = renderApp("/settings/api-tokens", { tokens: [makeToken(1)] });
    await screen.findByRole("link", { name: "Robot 1" });
    jest.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    await updated();
    expect(server.lastVariables("LiveApiTokens")).toBeUndefined();
  });
});
