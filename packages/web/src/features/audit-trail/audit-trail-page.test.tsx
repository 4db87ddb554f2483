import { screen, waitFor, within } from "@testing-library/react";
import { makeAuditRecord } from "../../test/factories";
import { renderApp } from "../../test/render-app";

const trail = "/settings/audit-trail";

describe("Audit trail page", () => {
  test("A row shows the event, object, actor, IP address and changes", async () => {
    renderApp(trail);
    const row = (await screen.findByText("API token Robot 14 was updated")).closest("tr") as HTMLElement;
    for (const text of ["TKN-1234-0014", "API token", "Sarah Sanderson", "203.0.113.7", "Name: Robot → Robot 14"]) {
      expect(within(row).getByText(text)).toBeVisible();
    }
    expect(screen.getByText("1-10 of 14 rows")).toBeVisible();
  });

  test.each([
    [{ status: "ACTIVE" }, { status: "DISABLED" }, "Status: Active → Disabled"],
    [{ description: "a", icon: null }, { description: "b", icon: "c" }, "Description, logo changed"],
    [{ moduleIds: ["MOD-1", "MOD-2"] }, { moduleIds: ["MOD-2", "MOD-3"] }, "Modules: MOD-3 added, MOD-1 removed"],
    [{}, { name: "R", status: "ACTIVE", moduleIds: ["MOD-1"], expiresAt: null }, "Modules: MOD-1; Expires: none"],
    [{}, { purpose: "COPY" }, "Purpose: Copy"],
  ])("A change from %j to %j is summarised in words", async (before, after, text) => {
    renderApp(trail, { auditRecords: [makeAuditRecord(1, { details: JSON.stringify({ before, after }) })] });
    expect(await screen.findByText(text)).toBeVisible();
  });

  test("The trail can be sorted by date in either direction", async () => {
    const { user, url } = renderApp(trail);
    const first = async (text: string) => {
      const [, row] = await screen.findAllByRole("row");
      await waitFor(() => expect(screen.getAllByRole("row")[1]).toHaveTextContent(text));
      return row;
    };
    await first("API token Robot 14 was updated");
    await user.click(screen.getByRole("button", { name: "Sort" }));
    await user.click(await screen.findByRole("button", { name: "Add level" }));
    await waitFor(() => expect(url()).toBe(`${trail}?sort=at`));
    await first("API token Robot 1 was updated");
    await user.selectOptions(screen.getByRole("combobox", { name: "Direction of Date" }), "desc");
    await first("API token Robot 14 was updated");
  });

  test("A record opens at its own URL, and closing it returns focus to the link", async () => {
    const { user, url } = renderApp(trail);
    await user.click(await screen.findByRole("link", { name: "View details: API token Robot 14 was updated" }));
    const dialog = await screen.findByRole("dialog", { name: "Record 14" });
    expect(dialog).toHaveTextContent('"after": { "name": "Robot 14" }');
    expect(within(dialog).getByRole("button", { name: "Copy record" })).toBeVisible();
    expect(url()).toBe(`${trail}?record=AUD-14`);
    await user.click(within(dialog).getByRole("button", { name: "Close" }));
    await waitFor(() => expect(url()).toBe(trail));
    const opener = screen.getByRole("link", { name: "View details: API token Robot 14 was updated" });
    await waitFor(() => expect(opener).toHaveFocus());
  });

  test.each([
    ["user.sign_in_refused", {}, "Sign-in failed", "Not signed in"],
    ["user.sign_in_throttled", {}, "Sign-in throttled", "Not signed in"],
    ["audit_trail.exported", { format: "csv" }, "Format: csv", "System"],
    ["encryption_keys.rotated", { keyId: "k2", reencrypted: 7 }, "Key: k2; Values encrypted: 7", "System"],
  ])("A %s record shows its event, details and actor in words", async (event, after, details, actor) => {
    const record = makeAuditRecord(1, { event, actor: null, details: JSON.stringify({ before: {}, after }) });
    const { user } = renderApp(trail, { auditRecords: [record] });
    const row = (await screen.findByText(record.summary)).closest("tr") as HTMLElement;
    expect(within(row).getByText(details)).toBeVisible();
    expect(within(row).getByText(actor)).toBeVisible();
    await user.click(within(row).getByRole("link", { name: /^View details/ }));
    const dialog = await screen.findByRole("dialog", { name: "Record 1" });
    expect(dialog).toHaveTextContent(new RegExp(`[A-Z][a-z -]+ \\(${event}\\)`));
    expect(dialog).toHaveTextContent(actor);
  });

  test("An unknown record ID shows an error", async () => {
    renderApp(`${trail}?record=AUD-99`);
    expect(await screen.findByText("This account has no such record.")).toBeVisible();
  });

  test("An event filter applies to the rows, the URL and the request", async () => {
    const auditRecords = [
      makeAuditRecord(1),
      makeAuditRecord(2, { event: "user.signed_in", summary: "Sarah signed in", objectId: "USR-1234-1210" }),
    ];
    const { user, url, server } = renderApp(trail, { auditRecords });
    await screen.findByText("1-2 of 2 rows");
    await user.click(screen.getByRole("button", { name: "Filter" }));
    await user.selectOptions(await screen.findByRole("combobox", { name: "Filter by" }), "event");
    await user.click(screen.getByRole("checkbox", { name: "Signed in" }));
    await user.click(screen.getByRole("button", { name: "Apply" }));
    expect(await screen.findByText("1-1 of 1 row")).toBeVisible();
    expect(url()).toBe(`${trail}?filter=event.anyOf(user.signed_in)`);
    expect(server.lastVariables("AuditTrail")?.filter).toEqual({ events: ["user.signed_in"] });
  });

  test("A failed load shows an error, and retrying loads the records", async () => {
    const { user, server } = renderApp(trail);
    server.trouble("AuditTrail", { code: "INTERNAL_SERVER_ERROR", message: "Something went wrong." });
    expect(await screen.findByRole("heading", { name: "Audit trail couldn’t be loaded" })).toBeVisible();
    server.heal();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("1-10 of 14 rows")).toBeVisible();
  });
});
