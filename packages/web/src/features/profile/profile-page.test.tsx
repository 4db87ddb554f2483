import { screen, waitFor, within } from "@testing-library/react";
import { makeToken } from "../../test/factories";
import { renderApp } from "../../test/render-app";
import { browserName } from "./browser-name";

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const safari =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const at = "2026-11-01T09:00:00.000Z";
const makeSession = (id: string, changes: object = {}) => ({
  id,
  isCurrent: false,
  createdAt: at,
  lastSeenAt: at,
  ip: "192.0.2.7",
  userAgent: safari,
  ...changes,
});
const sessions = [
  makeSession("other"),
  makeSession("here", { isCurrent: true, userAgent: firefox, ip: "192.0.2.1" }),
  makeSession("third", { userAgent: null, ip: null }),
];

describe("Profile page", () => {
  test("The menu opens the page, which shows name and email address", async () => {
    const { user } = renderApp("/settings/api-tokens");
    await user.click(await screen.findByRole("button", { name: /Northwind/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Your profile" }));
    expect(await screen.findByRole("heading", { name: "Your profile", level: 1 })).toBeVisible();
    expect(await screen.findByText("sarah@northwind.example")).toBeVisible();
  });

  test("The password is changed, and the form is emptied", async () => {
    const { user, server } = renderApp("/settings/profile", { sessions });
    await user.type(await screen.findByLabelText("Current password"), "correct horse");
    await user.type(screen.getByLabelText("New password"), "another long password");
    await user.click(screen.getByRole("button", { name: "Change password" }));
    expect(await screen.findByText("Password changed.")).toBeVisible();
    expect(screen.getByLabelText("New password")).toHaveValue("");
    expect(server.state.password).toBe("another long password");
    // The others have ended.
    await waitFor(() => expect(screen.queryByText(/^Safari/)).not.toBeInTheDocument());
  });

  test.each([
    ["", "another long password", "Enter your current password.", "Current password"],
    ["correct horse", "short", "Use at least 12 characters.", "New password"],
    ["a wrong password", "another long password", "The current password is incorrect.", "Current password"],
  ])("The passwords “%s” and “%s” are rejected: %s", async (current, next, message, focused) => {
    const { user } = renderApp("/settings/profile");
    const field = await screen.findByLabelText("Current password");
    if (current) await user.type(field, current);
    await user.type(screen.getByLabelText("New password"), next);
    await user.click(screen.getByRole("button", { name: "Change password" }));
    expect(await screen.findByText(message)).toBeVisible();
    await waitFor(() => expect(screen.getByLabelText(focused)).toHaveFocus());
  });

  test("Dates and times are in the time zone that was chosen in this browser, or else in the computer’s", async () => {
    const { user, unmount } = renderApp("/settings/profile");
    const field = await screen.findByLabelText("Time zone");
    expect(within(field).getAllByRole("option")[0]).toHaveTextContent(
      `Your computer’s: ${new Intl.DateTimeFormat().resolvedOptions().timeZone}`,
    );
    await user.selectOptions(field, "UTC");
    expect(field).toHaveValue("UTC");
    await user.selectOptions(field, "Pacific/Kiritimati");
    expect(field).toHaveValue("Pacific/Kiritimati");
    unmount();
    const token = makeToken(1, { createdAt: "2026-11-01T12:00:00.000Z" });
    const second = renderApp(`/settings/api-tokens/${token.id}/details`, { tokens: [token] });
    const dates = await screen.findByRole("table", { name: "Dates" });
    expect(within(dates).getByRole("row", { name: /^Created/ })).toHaveTextContent("2 Nov 2026 02:00");
    second.unmount();
    renderApp("/settings/profile");
    await user.selectOptions(await screen.findByLabelText("Time zone"), "");
    expect(localStorage.getItem("hallpass.time-zone")).toBeNull();
  });

  test("Without passwords, there is none to change", async () => {
    renderApp("/settings/profile", { signInMethods: ["IDENTITY_PROVIDER"] });
    expect(await screen.findByText("sarah@northwind.example")).toBeVisible();
    expect(screen.queryByLabelText("Current password")).not.toBeInTheDocument();
  });

  test("Sessions show browser, IP address and last use, and others can be ended", async () => {
    const { user, server } = renderApp("/settings/profile", { sessions });
    const [here, other, third] = within(await screen.findByRole("list", { name: "Sessions" })).getAllByRole("listitem");
    expect(here).toHaveTextContent(/^Firefox on Linux This browser192\.0\.2\.1 · in use now/);
    expect(other).toHaveTextContent("Safari on iPhone");
    expect(third).toHaveTextContent("Unknown browser");
    expect(within(here as HTMLElement).queryByRole("button")).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "End session: Safari on iPhone, 192.0.2.7" }));
    expect(await screen.findByText("1 session ended.")).toBeVisible();
    await waitFor(() => expect(screen.queryByText(/Safari on iPhone/)).not.toBeInTheDocument());
    expect(server.state.sessions.map(({ id }) => id)).toEqual(["here", "third"]);
  });

  test("All other sessions are ended at once", async () => {
    const { user, server } = renderApp("/settings/profile", { sessions });
    await user.click(await screen.findByRole("button", { name: "End all other sessions" }));
    expect(await screen.findByText("2 sessions ended.")).toBeVisible();
    expect(server.state.sessions.map(({ id }) => id)).toEqual(["here"]);
  });

  test.each([
    [firefox, "Firefox on Linux"],
    [safari, "Safari on iPhone"],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
      "Edge on Windows",
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
      "Chrome on macOS",
    ],
    ["curl/8.5.0", "curl"],
    [null, "Unknown browser"],
  ])("The user agent %s is named %s", (userAgent, name) => {
    expect(browserName(userAgent)).toBe(name);
  });
});
