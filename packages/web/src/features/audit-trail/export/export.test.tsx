import { notifications } from "@mantine/notifications";
import { act, screen } from "@testing-library/react";
import { renderApp } from "../../../test/render-app";

afterEach(() => act(() => notifications.clean()));

/** Stubs the export route. The end-to-end tests cover the real route and its file. */
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

describe("Audit trail export", () => {
  test.each([
    [403, "You don’t have permission to do this."],
    [429, "Too many attempts. Try again in a minute."],
    [503, "Hallpass can’t reach its database right now."],
    [500, "Hallpass returned an error (500)."],
  ])("An export that fails with %i shows an error on the page", async (status, message) => {
    answerExports(status);
    const { url } = await exportAs(/^CSV/);
    expect(await screen.findByText("Couldn’t export the audit trail")).toBeVisible();
    expect(screen.getByText(message)).toBeVisible();
    expect(screen.getByRole("button", { name: "Export" })).toBeVisible();
    expect(url()).toBe("/settings/audit-trail");
  });

  test("A filtered trail can be exported as it is filtered, or in full", async () => {
    const asked: string[] = [];
    globalThis.fetch = async (url) => {
      asked.push(String(url));
      return { ok: false, status: 503, statusText: "", headers: new Headers(), text: async () => "{}" } as Response;
    };
    const filter = "and(event.anyOf(user.signed_in,user.signed_out),object.equals(USR-1234-1210))";
    const { user } = renderApp(`/settings/audit-trail?filter=${filter}`);
    for (const item of [/^Filtered CSV/, /^JSON lines/]) {
      await user.click(await screen.findByRole("button", { name: "Export" }));
      await user.click(await screen.findByRole("menuitem", { name: item }));
    }
    expect(asked).toEqual([
      "/exports/audit-trail.csv?objectId=USR-1234-1210&event=user.signed_in&event=user.signed_out",
      "/exports/audit-trail.jsonl",
    ]);
  });

  test("An export after the session has ended shows the session-ended dialog", async () => {
    answerExports(401);
    await exportAs(/^JSON lines/);
    expect(await screen.findByRole("dialog", { name: "Your session has ended" })).toBeVisible();
  });

  test("An export without a response shows a connection error", async () => {
    globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
    await exportAs(/^CSV/);
    expect(await screen.findByText("Can’t reach Hallpass. Check your connection.")).toBeVisible();
  });
});
