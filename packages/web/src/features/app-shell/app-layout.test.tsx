import { screen, waitFor } from "@testing-library/react";
import { makeToken } from "../../test/factories";
import { createFakeServer } from "../../test/fake-server";
import { renderApp } from "../../test/render-app";

const list = "/settings/api-tokens";

describe("App shell", () => {
  test("The root URL opens the API tokens of the current account", async () => {
    const { url } = renderApp("/");
    expect(await screen.findByRole("button", { name: /Northwind.*Client · Sarah Sanderson/ })).toBeVisible();
    expect(url()).toBe(list);
    expect(screen.getByRole("link", { name: "API tokens" })).toHaveAttribute("aria-current", "page");
  });

  test("Switching accounts shows only the new account’s tokens", async () => {
    const tokens = [makeToken(1), makeToken(2, { accountId: "ACC-0001-0003" })];
    const { user, url } = renderApp(`${list}?q=robot`, { tokens });
    await screen.findByRole("link", { name: "Robot 1" });
    await user.click(screen.getByRole("button", { name: /Northwind/ }));
    await user.click(await screen.findByRole("menuitemradio", { name: /Contoso/ }));
    expect(await screen.findByRole("link", { name: "Robot 2" })).toBeVisible();
    expect(screen.queryByRole("link", { name: "Robot 1" })).not.toBeInTheDocument();
    expect(screen.getByRole("button", { name: /Contoso.*Vendor/ })).toBeVisible();
    expect(url()).toBe(list);
  });

  test("Signing out ends the session and opens the sign-in page", async () => {
    const { user, url, server } = renderApp(list);
    await user.click(await screen.findByRole("button", { name: /Northwind/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeVisible();
    expect(url()).toBe("/sign-in");
    expect(server.state.signedIn).toBe(false);
  });

  test("Choosing Dark applies the dark theme", async () => {
    const { user } = renderApp(list);
    await user.click(await screen.findByRole("button", { name: /Northwind/ }));
    await user.click(await screen.findByRole("menuitemradio", { name: "Dark" }));
    expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "dark");
  });

  test("An unknown URL shows an error page", async () => {
    renderApp("/settings/nothing");
    expect(await screen.findByRole("heading", { name: "Page not found" })).toBeVisible();
  });

  test("An unreachable server shows an error at startup, and retrying opens the page", async () => {
    // React and the router log the error that the error page catches.
    jest.spyOn(console, "error").mockImplementation(() => {});
    jest.spyOn(console, "warn").mockImplementation(() => {});
    const server = createFakeServer();
    server.trouble("Viewer", "offline");
    const { user } = renderApp(list, server);
    expect(await screen.findByRole("alert")).toHaveTextContent("Can’t reach Hallpass.");
    server.heal();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: "API tokens" })).toBeVisible();
  });
});

describe("Session-ended dialog", () => {
  test("Signing in again completes the interrupted page change", async () => {
    const { user, server, url } = renderApp(`${list}?rows=5`);
    await screen.findByText("1-5 of 28 rows");
    server.state.signedIn = false;
    await user.click(screen.getByRole("button", { name: "Next" }));
    expect(await screen.findByRole("dialog", { name: "Your session has ended" })).toBeVisible();
    await user.type(await screen.findByLabelText("Email"), "sarah@northwind.example");
    await user.type(screen.getByLabelText("Password"), "correct horse");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("6-10 of 28 rows")).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(url()).toBe(`${list}?page=2&rows=5`);
  });

  test("Signing in again without access to the account switches to another account", async () => {
    const northwind = Array.from({ length: 6 }, (_, index) => makeToken(index + 1));
    const { user, server, url } = renderApp(`${list}?rows=5`, {
      tokens: [...northwind, makeToken(7, { accountId: "ACC-0001-0003" })],
    });
    await screen.findByText("1-5 of 6 rows");
    const accounts = server.state.accounts.filter(({ id }) => id === "ACC-0001-0003");
    Object.assign(server.state, { signedIn: false, accounts, accountId: "ACC-0001-0003" });
    await user.click(screen.getByRole("button", { name: "Next" }));
    expect(await screen.findByRole("dialog", { name: "Your session has ended" })).toBeVisible();
    await user.type(await screen.findByLabelText("Email"), "sarah@northwind.example");
    await user.type(screen.getByLabelText("Password"), "correct horse");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("You no longer have access to Northwind")).toBeVisible();
    expect(screen.getByText("You’re now in Contoso.")).toBeVisible();
    expect(await screen.findByRole("link", { name: "Robot 7" })).toBeVisible();
    expect(url()).toBe(list);
  });
});

describe("Focus after navigation", () => {
  test("Following a link moves focus to the heading of the new page", async () => {
    const { user } = renderApp("/settings/api-tokens", { tokens: [makeToken(1)] });
    await user.click(await screen.findByRole("link", { name: "Robot 1" }));
    const heading = await screen.findByRole("heading", { level: 1, name: "Robot 1" });
    await waitFor(() => expect(heading).toHaveFocus());
  });
});
