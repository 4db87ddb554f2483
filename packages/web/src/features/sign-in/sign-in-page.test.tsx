import { screen } from "@testing-library/react";
import { renderApp } from "../../test/render-app";

async function signIn(user: ReturnType<typeof renderApp>["user"], password: string) {
  await user.type(await screen.findByLabelText("Email"), "sarah@northwind.example");
  await user.type(screen.getByLabelText("Password"), password);
  await user.click(screen.getByRole("button", { name: "Sign in" }));
}

describe("Signing in", () => {
  it("leads to where the person wanted to go", async () => {
    const { user, url } = renderApp("/settings/audit-trail?page=2", { signedIn: false });
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeVisible();
    await signIn(user, "correct horse");
    expect(await screen.findByRole("heading", { name: "Audit trail" })).toBeVisible();
    expect(url()).toBe("/settings/audit-trail?page=2");
  });

  it("says that the credentials are wrong, keeps the URL and goes back to the password", async () => {
    const { user } = renderApp("/sign-in", { signedIn: false });
    await signIn(user, "wrong");
    expect(await screen.findByRole("alert")).toHaveTextContent("The email address or password is incorrect.");
    expect(screen.getByLabelText("Email")).toHaveValue("sarah@northwind.example");
    expect(screen.getByLabelText("Password")).toHaveFocus();
  });

  it.each([
    "Too many attempts. Try again in 40 seconds.",
    "Too many people are signing in. Try again in a few seconds.",
  ])("says what the server has had too much of: %s", async (message) => {
    const { user, server } = renderApp("/sign-in", { signedIn: false });
    server.trouble("SignIn", { code: "RATE_LIMITED", message });
    await signIn(user, "wrong");
    expect(await screen.findByRole("alert")).toHaveTextContent(message);
  });

  it("says so when the server cannot be reached, and works once it can", async () => {
    const { user, server } = renderApp("/sign-in", { signedIn: false });
    server.trouble("SignIn", "offline");
    await signIn(user, "correct horse");
    expect(await screen.findByRole("alert")).toHaveTextContent("Can’t reach Hallpass.");
    server.heal();
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("heading", { name: "API tokens" })).toBeVisible();
  });

  it("asks for what is missing before it asks the server", async () => {
    const { user, server } = renderApp("/sign-in", { signedIn: false });
    await user.click(await screen.findByRole("button", { name: "Sign in" }));
    expect(screen.getByText("Enter your email address.")).toBeVisible();
    expect(screen.getByText("Enter your password.")).toBeVisible();
    expect(screen.getByLabelText("Email")).toHaveFocus();
    expect(server.requests.map(({ operation }) => operation)).not.toContain("SignIn");
  });

  it("never leads to another site afterwards", async () => {
    const { user, url } = renderApp("/sign-in?redirect=//evil.example/x", { signedIn: false });
    await signIn(user, "correct horse");
    expect(await screen.findByRole("heading", { name: "API tokens" })).toBeVisible();
    expect(url()).toBe("/settings/api-tokens");
  });
});
