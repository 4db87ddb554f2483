import { notifications } from "@mantine/notifications";
import { act, screen } from "@testing-library/react";
import { renderApp } from "../../../test/render-app";

afterEach(() => act(() => notifications.clean()));

/** What the server's route answers; that it does, and what the file holds, is tested in a browser. */
function answerExports(status: number) {
  globalThis.fetch = async () =>
    ({ ok: status < 400, status, statusText: "", headers: new Headers(), text: async () => "{}" }) as Response;
}

async function exportAs(format: RegExp) {
  const view = renderApp("/settings/audit-trail");
  await view.user.click(await screen.findByRole("button", { name: "Export" }));
  await view.user.click(await screen.findByRole("menuitem", { name: format }));
  return view;
}

describe("An export of the audit trail that fails", () => {
  it.each([
    [403, "You don’t have permission to do this."],
    [429, "Too many attempts. Try again in a minute."],
    [503, "Hallpass can’t reach its database right now."],
    [500, "Hallpass returned an error (500)."],
  ])("says so on the page: %i", async (status, message) => {
    answerExports(status);
    const { url } = await exportAs(/^CSV/);
    expect(await screen.findByText("Couldn’t export the audit trail")).toBeVisible();
    expect(screen.getByText(message)).toBeVisible();
    expect(screen.getByRole("button", { name: "Export" })).toBeVisible();
    expect(url()).toBe("/settings/audit-trail");
  });

  it("asks for the password when the session has ended", async () => {
    answerExports(401);
    await exportAs(/^JSON lines/);
    expect(await screen.findByRole("dialog", { name: "Your session has ended" })).toBeVisible();
  });

  it("says so when nobody answers", async () => {
    globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
    await exportAs(/^CSV/);
    expect(await screen.findByText("Can’t reach Hallpass. Check your connection.")).toBeVisible();
  });
});
