import { screen } from "@testing-library/react";
import { renderApp } from "../../test/render-app";

async function signIn(user: ReturnType<typeof renderApp>["user"], password: string) {
  await user.type(await screen.findByLabelText("Email"), "sarah@northwind.example");
  await user.type(screen.getByLabelText("Password"), password);
  await user.click(screen.getByRole("button", { name: "Sign in" }));
}

describe("Sign-in page", () => {
  test("Signing in opens the page first requested", async () => {
    const { user, url } = renderApp("/settings/audit-trail?page=2", { signedIn: false });
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeVisible();
    await signIn(user, "correct horse");
    expect(await screen.findByRole("heading", { name: "Audit trail" })).toBeVisible();
    expect(url()).toBe("/settings/audit-trail?page=2");
  });

  test("Wrong credentials show an error, keep the email address and focus the password", async () => {
    const { user } = renderApp("/sign-in", { signedIn: false });
    await signIn(user, "wrong");
    expect(await screen.findByRole("alert")).toHaveTextContent("The email address or password is incorrect.");
    expect(screen.getByLabelText("Email")).toHaveValue("sarah@northwind.example");
    expect(screen.getByLabelText("Password")).toHaveFocus();
  });

  test.each([
    "Too many attempts. Try again in 40 seconds.",
    "Too many people are signing in. Try again in a few seconds.",
  ])("A rate-limited sign-in shows the server’s message: %s", async (message) => {
    const { user, server } = renderApp("/sign-in", { signedIn: false });
    server.trouble("SignIn", { code: "RATE_LIMITED", message });
    await signIn(user, "wrong");
    expect(await screen.findByRole("alert")).toHaveTextContent(message);
  });

  test("An unreachable server shows an error, and retrying signs the user in", async () => {
    const { user, server } = renderApp("/sign-in", { signedIn: false });
    server.trouble("SignIn", "offline");
    await signIn(user, "correct horse");
    expect(await screen.findByRole("alert")).toHaveTextContent("Can’t reach Hallpass.");
    server.heal();
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("heading", { name: "API tokens" })).toBeVisible();
  });

  test("Empty fields are rejected before any request is sent", async () => {
    const { user, server } = renderApp("/sign-in", { signedIn: false });
    await user.click(await screen.findByRole("button", { name: "Sign in" }));
    expect(screen.getByText("Enter your email address.")).toBeVisible();
    expect(screen.getByText("Enter your password.")).toBeVisible();
    expect(screen.getByLabelText("Email")).toHaveFocus();
    expect(server.requests.map(({ operation }) => operation)).not.toContain("SignIn");
  });

  test("A redirect to another site is ignored", async () => {
    const { user, url } = renderApp("/sign-in?redirect=//evil.example/x", { signedIn: false });
    await signIn(user, "correct horse");
    expect(await screen.findByRole("heading", { name: "API tokens" })).toBeVisible();
    expect(url()).toBe("/settings/api-tokens");
  });

  test("With an identity provider, both ways are offered, and the page first requested is kept", async () => {
    renderApp("/settings/audit-trail?page=2", {
      signedIn: false,
      signInMethods: ["PASSWORD", "IDENTITY_PROVIDER"],
    });
    const link = await screen.findByRole("link", { name: "Continue with single sign-on" });
    const [path, query] = (link.getAttribute("href") ?? "").split("?");
    expect(path).toBe("/sign-in/oidc");
    expect(new URLSearchParams(query).get("redirect")).toBe("/settings/audit-trail?page=2");
    expect(screen.getByLabelText("Password")).toBeVisible();
  });

  test("With passwords turned off, only single sign-on is offered", async () => {
    renderApp("/sign-in", { signedIn: false, signInMethods: ["IDENTITY_PROVIDER"] });
    expect(await screen.findByRole("link", { name: "Continue with single sign-on" })).toBeVisible();
    expect(screen.queryByLabelText("Password")).not.toBeInTheDocument();
  });

  test.each([
    ["unknown-person", "You don’t have access to Hallpass. Ask your administrator to add you."],
    ["unavailable", "Your identity provider isn’t responding. Try again in a minute."],
    ["anything else", "Couldn’t sign you in. Try again."],
  ])("The problem %s is explained", async (problem, message) => {
    renderApp(`/sign-in?problem=${encodeURIComponent(problem)}`, {
      signedIn: false,
      signInMethods: ["IDENTITY_PROVIDER"],
    });
    expect(await screen.findByRole("alert")).toHaveTextContent(message);
  });
});
