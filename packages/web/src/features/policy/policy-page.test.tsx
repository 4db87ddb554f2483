import { act, screen, waitFor, within } from "@testing-library/react";
import { makeToken } from "../../test/factories";
import { noPolicy } from "../../test/fake-state";
import { renderApp } from "../../test/render-app";

const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();
const save = async ({ user }: ReturnType<typeof renderApp>) =>
  user.click(await screen.findByRole("button", { name: "Save" }));

describe("Policy page", () => {
  test("An administrator sets the policy, and sees which tokens break it and why", async () => {
    const view = renderApp("/settings/api-tokens", {
      tokens: [
        makeToken(1, { name: "Unlimited", expiresAt: null, ipRanges: [] }),
        makeToken(2, { name: "Too long", expiresAt: inDays(60), ipRanges: ["192.0.2.0/24"] }),
        makeToken(3, { name: "Fine", expiresAt: inDays(10), ipRanges: ["192.0.2.0/24"] }),
      ],
    });
    await view.user.click(await screen.findByRole("link", { name: "Policy" }));
    await view.user.type(await screen.findByLabelText("Maximum lifetime in days"), "30");
    await view.user.type(screen.getByLabelText("Disable unused tokens after days"), "90");
    await view.user.click(screen.getByRole("checkbox", { name: "Require IP addresses" }));
    await save(view);
    expect(await screen.findByText("Policy saved.")).toBeVisible();
    expect(view.server.state.policy).toEqual({
      ...noPolicy,
      maxLifetimeDays: 30,
      idleDays: 90,
      ipRangesRequired: true,
    });
    expect(await screen.findByRole("heading", { name: "2 tokens break this policy" })).toBeVisible();
    const items = within(screen.getByRole("list", { name: "Tokens that break this policy" })).getAllByRole("listitem");
    expect(items.map((item) => item.textContent).sort()).toEqual([
      "Too longExpires too late",
      "UnlimitedNo expiry, no IP addresses",
    ]);
    await view.user.click(screen.getByRole("link", { name: "Too long" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Too long" })).toBeVisible();
  });

  test.each(["0", "many", "1.5", "3651"])("A maximum lifetime of “%s” is rejected", async (days) => {
    const view = renderApp("/settings/policy");
    await view.user.type(await screen.findByLabelText("Maximum lifetime in days"), days);
    await save(view);
    expect(await screen.findByText("Enter 1 to 3,650 days.")).toBeVisible();
    expect(screen.getByLabelText("Maximum lifetime in days")).toHaveFocus();
    expect(view.server.state.policy).toEqual(noPolicy);
  });

  test("Emptying the field removes the maximum lifetime", async () => {
    const view = renderApp("/settings/policy", { policy: { ...noPolicy, maxLifetimeDays: 30 } });
    await view.user.clear(await screen.findByDisplayValue("30"));
    await save(view);
    await waitFor(() => expect(view.server.state.policy).toEqual(noPolicy));
  });

  test("Saving changes only what the user changed, and keeps what someone else has changed meanwhile", async () => {
    const view = renderApp("/settings/policy");
    await view.user.click(await screen.findByRole("checkbox", { name: "Require an expiry" }));
    view.server.state.policy = { ...noPolicy, recentSignInRequired: true };
    await save(view);
    await screen.findByText("Policy saved.");
    expect(view.server.lastVariables("UpdateAccountPolicy")).toEqual({ input: { expiryRequired: true } });
    expect(view.server.state.policy).toEqual({ ...noPolicy, expiryRequired: true, recentSignInRequired: true });
    expect(screen.getByRole("checkbox", { name: "Require a recent sign-in" })).toBeChecked();
    expect(screen.getByRole("button", { name: "Save" })).toHaveFocus();
  });

  test("An auditor can read the policy, not change it", async () => {
    renderApp("/settings/policy", { role: "AUDITOR", policy: { ...noPolicy, expiryRequired: true } });
    expect(await screen.findByRole("checkbox", { name: "Require an expiry" })).toBeChecked();
    expect(screen.getByRole("checkbox", { name: "Require an expiry" })).toBeDisabled();
    expect(screen.getByText("Only administrators can change the policy.")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Save" })).not.toBeInTheDocument();
  });
});

describe("The Add dialog under a policy", () => {
  const strict = { ...noPolicy, maxLifetimeDays: 30, ipRangesRequired: true };

  test("Offers what the policy allows, starts with the longest, and asks for IP addresses at once", async () => {
    const { user } = renderApp("/settings/api-tokens/add", { policy: strict });
    const expires = await screen.findByRole("combobox", { name: "Expires" });
    await waitFor(() => expect(expires).toHaveDisplayValue("In 30 days"));
    expect(
      within(expires)
        .getAllByRole("option")
        .map(({ textContent }) => textContent),
    ).toEqual(["In 30 days", "Custom date…"]);
    await user.type(screen.getByLabelText("API token name"), "Robot");
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Next" }));
    expect(await screen.findByText("Your account’s policy requires at least one IP address.")).toBeVisible();
    await user.type(screen.getByLabelText("Allowed IP addresses"), "192.0.2.1");
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Next" }));
    expect(await screen.findByRole("heading", { level: 3, name: "Modules" })).toBeVisible();
  });

  test("A shortened expiry alone is nothing to lose", async () => {
    const { user, url } = renderApp("/settings/api-tokens/add", { policy: strict });
    const expires = await screen.findByRole("combobox", { name: "Expires" });
    await waitFor(() => expect(expires).toHaveDisplayValue("In 30 days"));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(url()).toBe("/settings/api-tokens"));
  });

  test("The last day that the date field offers is the one it starts with", async () => {
    const { user } = renderApp("/settings/api-tokens/add", { policy: strict });
    const expires = await screen.findByRole("combobox", { name: "Expires" });
    await waitFor(() => expect(expires).toHaveDisplayValue("In 30 days"));
    await user.selectOptions(expires, "date");
    const last = screen.getByLabelText<HTMLInputElement>("Last day");
    expect(last.max).toBe(last.value);
  });

  test("A date that a link asked for beyond the policy is rejected", async () => {
    const { user } = renderApp("/settings/api-tokens/add?name=Robot&expires=2099-01-01", { policy: strict });
    const dialog = await screen.findByRole("dialog");
    await user.click(within(dialog).getByRole("button", { name: "General" }));
    await user.click(within(dialog).getByRole("button", { name: "Next" }));
    expect(await screen.findByText("Your account’s policy allows a lifetime of up to 30 days.")).toBeVisible();
  });

  test("An existing token that breaks the policy can be renamed", async () => {
    const token = makeToken(1, { name: "Old", expiresAt: null, ipRanges: [] });
    const { user, server } = renderApp(`/settings/api-tokens/${token.id}`, { tokens: [token], policy: strict });
    await user.click(await screen.findByRole("button", { name: "Edit" }));
    await user.type(await screen.findByLabelText("API token name"), " robot");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.state.tokens[0]?.name).toBe("Old robot"));
  });
});

test("With values shown only once, the details page says what to do", async () => {
  const token = makeToken(1);
  const policy = { ...noPolicy, valuesShownOnce: true };
  renderApp(`/settings/api-tokens/${token.id}`, { tokens: [token], policy });
  expect(await screen.findByText(/shows a value only once\. Rotate the token/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Show API token" })).not.toBeInTheDocument();
});

describe("A recent sign-in", () => {
  const token = makeToken(1);
  const options = { tokens: [token], policy: { ...noPolicy, recentSignInRequired: true }, isRecent: false };
  const path = `/settings/api-tokens/${token.id}`;

  test("The dialog asks for one, and the value is then shown without another click", async () => {
    const { user } = renderApp(path, options);
    await user.click(await screen.findByRole("button", { name: "Show API token" }));
    const dialog = await screen.findByRole("dialog", { name: "Confirm it’s you" });
    await user.type(await within(dialog).findByLabelText("Email"), "sarah@northwind.example");
    await user.type(within(dialog).getByLabelText("Password"), "correct horse");
    await user.click(within(dialog).getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText(token.value)).toBeVisible();
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  test("Cancelling the dialog shows no value", async () => {
    const { user } = renderApp(path, options);
    await user.click(await screen.findByRole("button", { name: "Show API token" }));
    await screen.findByRole("dialog", { name: "Confirm it’s you" });
    await user.keyboard("{Escape}");
    expect(await screen.findByText(/This action requires a recent sign-in/)).toBeVisible();
    expect(screen.queryByText(token.value)).not.toBeInTheDocument();
  });

  test("A session that ends meanwhile lets nothing go on later", async () => {
    const { user, server, router } = renderApp(path, options);
    await user.click(await screen.findByRole("button", { name: "Show API token" }));
    await screen.findByRole("dialog", { name: "Confirm it’s you" });
    const { session } = router.options.context;
    act(() => session.setTrouble("ended"));
    const dialog = await screen.findByRole("dialog", { name: "Your session has ended" });
    await user.type(await within(dialog).findByLabelText("Email"), "sarah@northwind.example");
    await user.type(within(dialog).getByLabelText("Password"), "correct horse");
    await user.click(within(dialog).getByRole("button", { name: "Sign in" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(server.requests.filter(({ operation }) => operation === "RevealApiToken")).toHaveLength(1);
    expect(screen.queryByText(token.value)).not.toBeInTheDocument();
  });

  test("In another tab is noticed when the person returns", async () => {
    const { user, server } = renderApp(path, { ...options, signInMethods: ["IDENTITY_PROVIDER"] });
    await user.click(await screen.findByRole("button", { name: "Show API token" }));
    const link = await screen.findByRole("link", { name: "Continue with single sign-on" });
    expect(link).toHaveAttribute("href", expect.stringContaining("again="));
    window.dispatchEvent(new Event("focus"));
    await waitFor(() => expect(server.requests.map(({ operation }) => operation)).toContain("RecentSignIn"));
    expect(screen.getByRole("dialog", { name: "Confirm it’s you" })).toBeVisible();
    server.state.isRecent = true;
    window.dispatchEvent(new Event("focus"));
    expect(await screen.findByText(token.value)).toBeVisible();
  });
});
