import { screen, waitFor } from "@testing-library/react";
import { makeToken } from "../../test/factories";
import { createFakeServer } from "../../test/fake-server";
import { renderApp } from "../../test/render-app";

const list = "/settings/api-tokens";

describe("The shell", () => {
  it("leads from / to the API tokens, and says whose they are", async () => {
    const { url } = renderApp("/");
    expect(await screen.findByRole("button", { name: /Northwind.*Client · Sarah Sanderson/ })).toBeVisible();
    expect(url()).toBe(list);
    expect(screen.getByRole("link", { name: "API tokens" })).toHaveAttribute("aria-current", "page");
  });

  it("switches the account, and shows nothing of the old one", async () => {
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

  it("signs out", async () => {
    const { user, url, server } = renderApp(list);
    await user.click(await screen.findByRole("button", { name: /Northwind/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeVisible();
    expect(url()).toBe("/sign-in");
    expect(server.state.signedIn).toBe(false);
  });

  it("turns dark", async () => {
    const { user } = renderApp(list);
    await user.click(await screen.findByRole("button", { name: /Northwind/ }));
    await user.click(await screen.findByRole("menuitemradio", { name: "Dark" }));
    expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "dark");
  });

  it("says so when a page does not exist", async () => {
    renderApp("/settings/nothing");
    expect(await screen.findByRole("heading", { name: "Page not found" })).toBeVisible();
  });

  it("says so when nobody answers at the start, and goes on once someone does", async () => {
    // React and the router print what the page for failures has caught.
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

describe("A session that ends", () => {
  it("is taken up again over the page as it stands", async () => {
    const { user, server, url } = renderApp(`${list}?rows=5`);
    await screen.findByText("1-5 of 28 rows");
    server.state.signedIn = false;
    await user.click(screen.getByRole("button", { name: "Next" }));
    expect(await screen.findByRole("dialog", { name: "Your session has ended" })).toBeVisible();
    await user.type(screen.getByLabelText("Email"), "sarah@northwind.example");
    await user.type(screen.getByLabelText("Password"), "correct horse");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("6-10 of 28 rows")).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(url()).toBe(`${list}?page=2&rows=5`);
  });

  it("says so when access to the account has ended, and opens another of the person's accounts", async () => {
    const northwind = Array.from({ length: 6 }, (_, index) => makeToken(index + 1));
    const { user, server, url } = renderApp(`${list}?rows=5`, {
      tokens: [...northwind, makeToken(7, { accountId: "ACC-0001-0003" })],
    });
    await screen.findByText("1-5 of 6 rows");
    const accounts = server.state.accounts.filter(({ id }) => id === "ACC-0001-0003");
    Object.assign(server.state, { signedIn: false, accounts, accountId: "ACC-0001-0003" });
    await user.click(screen.getByRole("button", { name: "Next" }));
    expect(await screen.findByRole("dialog", { name: "Your session has ended" })).toBeVisible();
    await user.type(screen.getByLabelText("Email"), "sarah@northwind.example");
    await user.type(screen.getByLabelText("Password"), "correct horse");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("You no longer have access to Northwind")).toBeVisible();
    expect(screen.getByText("You’re now in Contoso.")).toBeVisible();
    expect(await screen.findByRole("link", { name: "Robot 7" })).toBeVisible();
    expect(url()).toBe(list);
  });
});
