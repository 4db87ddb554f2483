import { act, screen, waitFor, within } from "@testing-library/react";
import { accounts, makeToken } from "../../test/factories";
import { renderApp } from "../../test/render-app";

type View = ReturnType<typeof renderApp>;

const list = "/settings/api-tokens";
const [northwind, contoso] = ["ACC-0001-0002", "ACC-0001-0003"];
const oneInEach = () => ({ tokens: [makeToken(1), makeToken(2, { accountId: contoso })] });

const namedBy = ({ server }: View, ...operations: string[]) =>
  server.requests
    .filter(({ operation }) => operations.length === 0 || operations.includes(operation))
    .map(({ operation, account }) => `${operation} ${account}`);

async function openAccountMenu({ user }: View, name: RegExp) {
  await user.click(await screen.findByRole("button", { name }));
}

async function signIn({ user }: View) {
  await user.type(await screen.findByLabelText("Email"), "sarah@northwind.example");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
}

async function press({ user }: View, name: string) {
  const dialog = screen.getByRole("dialog", { name: "Add API token" });
  await user.click(within(dialog).getByRole("button", { name }));
}
const pressAdd = (view: View) => press(view, "Add");

async function addToken(view: View, name: string) {
  await view.user.type(await screen.findByLabelText("API token name"), name);
  await press(view, "Next");
  await view.user.click(await screen.findByRole("checkbox", { name: /Orders/ }));
  await press(view, "Next");
  await screen.findByRole("heading", { level: 3, name: "Overview" });
  await pressAdd(view);
}

describe("Account of a tab", () => {
  test("Every request carries the tab’s account once it is known", async () => {
    const view = renderApp(list, oneInEach());
    await screen.findByRole("link", { name: "Robot 1" });
    const [first, ...others] = view.server.requests;
    expect(first).toMatchObject({ operation: "Viewer", account: null });
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter(({ account }) => account !== northwind)).toEqual([]);
  });

  test("A token is added to the tab’s account after another tab switches accounts", async () => {
    const view = renderApp(`${list}/add`, oneInEach());
    await screen.findByRole("button", { name: /Northwind/ });
    view.server.state.accountId = contoso;
    await addToken(view, "Billing robot");
    await screen.findByRole("heading", { level: 3, name: "Summary" });
    expect(view.server.state.tokens.at(-1)).toMatchObject({ name: "Billing robot", accountId: northwind });
    await view.user.click(within(screen.getByRole("dialog")).getByText("Close"));
    expect(await screen.findByRole("link", { name: "Billing robot" })).toBeVisible();
    expect(screen.getByRole("link", { name: "Robot 1" })).toBeVisible();
    expect(screen.getByRole("button", { name: /Northwind/ })).toBeVisible();
  });

  test("Switching accounts in the tab stops requests for the old account", async () => {
    const view = renderApp(list, oneInEach());
    await screen.findByRole("link", { name: "Robot 1" });
    await openAccountMenu(view, /Northwind/);
    await view.user.click(await screen.findByRole("menuitemradio", { name: /Contoso/ }));
    await screen.findByRole("link", { name: "Robot 2" });
    const switched = view.server.requests.findIndex(({ operation }) => operation === "SwitchAccount");
    const after = view.server.requests.slice(switched);
    expect(after.length).toBeGreaterThan(1);
    expect(after.filter(({ account }) => account !== contoso)).toEqual([]);
  });

  test("Signing out clears the tab’s account, and signing in uses the session’s", async () => {
    const view = renderApp(list, oneInEach());
    await openAccountMenu(view, /Northwind/);
    await view.user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
    view.server.state.accountId = contoso;
    await signIn(view);
    expect(await screen.findByRole("link", { name: "Robot 2" })).toBeVisible();
    expect(namedBy(view, "SignOut", "SignIn")).toEqual(["SignOut null", "SignIn null"]);
    const signedIn = view.server.requests.findIndex(({ operation }) => operation === "SignIn");
    expect(view.server.requests.slice(signedIn + 1).filter(({ account }) => account !== contoso)).toEqual([]);
  });

  test("Signing in again keeps the tab’s account and the input after another tab switches accounts", async () => {
    const view = renderApp(`${list}/add`, oneInEach());
    await screen.findByRole("button", { name: /Northwind/ });
    Object.assign(view.server.state, { signedIn: false, accountId: contoso });
    await addToken(view, "Billing robot");
    await screen.findByRole("dialog", { name: "Your session has ended" });
    await signIn(view);
    await waitFor(() => expect(screen.queryByRole("dialog", { name: /session/ })).not.toBeInTheDocument());
    await pressAdd(view);
    await screen.findByRole("heading", { level: 3, name: "Summary" });
    expect(view.server.state.tokens.at(-1)).toMatchObject({ name: "Billing robot", accountId: northwind });
  });

  test("A different user who signs in after the session has ended sees only their own account", async () => {
    const view = renderApp(`${list}?q=robot`, { tokens: [...oneInEach().tokens, makeToken(3)] });
    await screen.findByRole("link", { name: "Robot 1" });
    Object.assign(view.server.state, { signedIn: false, accountId: contoso });
    await view.user.click(screen.getByRole("button", { name: "Refresh" }));
    await screen.findByRole("dialog", { name: "Your session has ended" });
    await view.user.type(await screen.findByLabelText("Email"), "andy@northwind.example");
    await view.user.type(screen.getByLabelText("Password"), "correct horse");
    await view.user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("link", { name: "Robot 2" })).toBeVisible();
    expect(await screen.findByRole("button", { name: /Contoso.*Andy Anderson/ })).toBeVisible();
    expect(screen.queryByRole("link", { name: "Robot 1" })).not.toBeInTheDocument();
    await waitFor(() => expect(view.url()).toBe(list));
  });
});

describe("Account in the URL", () => {
  const href = ({ history }: View) => history.location.href;

  test("The URL gets the tab’s account, and keeps its query", async () => {
    const view = renderApp(`${list}?q=robot`, oneInEach());
    await screen.findByRole("link", { name: "Robot 1" });
    await waitFor(() => expect(href(view)).toBe(`/${northwind}${list}?q=robot`));
    expect(screen.getByRole("link", { name: "Robot 1" })).toHaveAttribute(
      "href",
      expect.stringMatching(new RegExp(`^/${northwind}${list}/TKN-`)),
    );
    expect(namedBy(view, "Viewer", "ApiTokens")).toEqual(["Viewer null", `ApiTokens ${northwind}`]);
  });

  test("A link opens in its account, even if the session is in another", async () => {
    const view = renderApp(`/${contoso}${list}`, oneInEach());
    expect(await screen.findByRole("link", { name: "Robot 2" })).toBeVisible();
    expect(view.server.requests.filter(({ account }) => account !== contoso)).toEqual([]);
    expect(href(view)).toBe(`/${contoso}${list}`);
  });

  test("Going back returns to the account of the earlier page", async () => {
    const view = renderApp(list, oneInEach());
    await screen.findByRole("link", { name: "Robot 1" });
    await openAccountMenu(view, /Northwind/);
    await view.user.click(await screen.findByRole("menuitemradio", { name: /Contoso/ }));
    await screen.findByRole("link", { name: "Robot 2" });
    expect(href(view)).toBe(`/${contoso}${list}`);
    act(() => view.history.back());
    expect(await screen.findByRole("link", { name: "Robot 1" })).toBeVisible();
    expect(screen.getByRole("button", { name: /Northwind/ })).toBeVisible();
    expect(screen.queryByRole("link", { name: "Robot 2" })).not.toBeInTheDocument();
    expect(href(view)).toBe(`/${northwind}${list}`);
  });

  test("A link to an account without a role offers the user’s own accounts", async () => {
    renderApp(`/ACC-9999-9999${list}`, oneInEach());
    expect(await screen.findByRole("heading", { name: "You don’t have access to this account" })).toBeVisible();
    expect(screen.getByText(/This link is for ACC-9999-9999/)).toBeVisible();
    expect(screen.getByRole("link", { name: "Northwind" })).toHaveAttribute("href", `/${northwind}${list}`);
    expect(screen.getByRole("link", { name: "Contoso" })).toHaveAttribute("href", `/${contoso}${list}`);
  });

  test("After signing in, a link opens in its account", async () => {
    const view = renderApp(`/${contoso}${list}?q=robot`, { ...oneInEach(), signedIn: false });
    await signIn(view);
    expect(await screen.findByRole("link", { name: "Robot 2" })).toBeVisible();
    expect(href(view)).toBe(`/${contoso}${list}?q=robot`);
  });

  test("A path that only looks like an account is not found", async () => {
    renderApp(`/ACC-1${list}`, oneInEach());
    expect(await screen.findByRole("heading", { name: "Page not found" })).toBeVisible();
  });
});

describe("Role-removed dialog", () => {
  const lost = () => screen.findByRole("dialog", { name: "You no longer have access to Northwind" });
  const loseNorthwind = ({ server }: View) => {
    const [own, ...others] = server.state.accounts;
    server.state.accounts = others;
    return () => {
      server.state.accounts = own ? [own, ...others] : others;
    };
  };

  test("A restored role closes the dialog and keeps the input", async () => {
    const view = renderApp(`${list}/add`, oneInEach());
    await screen.findByRole("button", { name: /Northwind/ });
    const giveBack = loseNorthwind(view);
    await addToken(view, "Billing robot");
    const dialog = await lost();
    await view.user.click(within(dialog).getByRole("button", { name: "Try again" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("You have no role in this account.");
    giveBack();
    await view.user.click(within(dialog).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    await pressAdd(view);
    await screen.findByRole("heading", { level: 3, name: "Summary" });
    expect(view.server.state.tokens.at(-1)).toMatchObject({ name: "Billing robot", accountId: northwind });
  });

  test("Switching to another account shows its tokens and closes the dialog", async () => {
    const view = renderApp(`${list}?q=robot`, oneInEach());
    await screen.findByRole("link", { name: "Robot 1" });
    loseNorthwind(view);
    await view.user.click(screen.getByRole("button", { name: "Refresh" }));
    await view.user.click(within(await lost()).getByRole("button", { name: "Switch to Contoso" }));
    expect(await screen.findByRole("link", { name: "Robot 2" })).toBeVisible();
    expect(screen.getByRole("button", { name: /Contoso/ })).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(namedBy(view, "SwitchAccount")).toEqual([`SwitchAccount ${contoso}`]);
    await waitFor(() => expect(view.url()).toBe(list));
  });

  test("Switching to an account without a role shows an error", async () => {
    const view = renderApp(list, oneInEach());
    await screen.findByRole("link", { name: "Robot 1" });
    view.server.state.accounts = [];
    await view.user.click(screen.getByRole("button", { name: "Refresh" }));
    const dialog = await lost();
    await view.user.click(within(dialog).getByRole("button", { name: "Switch to Contoso" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("You have no role in this account.");
    expect(dialog).toBeVisible();
  });

  test("A user without another account can sign out", async () => {
    const view = renderApp(list, { ...oneInEach(), accounts: accounts.filter(({ id }) => id === northwind) });
    await screen.findByRole("link", { name: "Robot 1" });
    view.server.state.accounts = [];
    await view.user.click(screen.getByRole("button", { name: "Refresh" }));
    const dialog = await lost();
    expect(within(dialog).queryByRole("button", { name: /Switch/ })).not.toBeInTheDocument();
    await view.user.click(within(dialog).getByRole("button", { name: "Sign out" }));
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeVisible();
    expect(view.server.state.signedIn).toBe(false);
    expect(namedBy(view, "SignOut")).toEqual(["SignOut null"]);
  });

  test("Retrying after the session has ended shows the session-ended dialog", async () => {
    const view = renderApp(list, oneInEach());
    await screen.findByRole("link", { name: "Robot 1" });
    loseNorthwind(view);
    await view.user.click(screen.getByRole("button", { name: "Refresh" }));
    const dialog = await lost();
    view.server.state.signedIn = false;
    await view.user.click(within(dialog).getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("dialog", { name: "Your session has ended" })).toBeVisible();
    expect(dialog).not.toBeInTheDocument();
  });
});
