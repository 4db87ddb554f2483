import { screen, waitFor, within } from "@testing-library/react";
import { makeAuditRecord } from "../../../test/factories";
import { headHash } from "../../../test/fake-resolvers";
import { renderApp } from "../../../test/render-app";

const trail = "/settings/audit-trail";
const otherHash = "f0".repeat(32);

async function openDialog(options: Parameters<typeof renderApp>[1] = {}) {
  const view = renderApp(trail, options);
  await view.user.click(await screen.findByRole("button", { name: "Verify" }));
  const dialog = await screen.findByRole("dialog", { name: "Verify the audit trail" });
  const field = within(dialog).getByLabelText(/Saved head/);
  const verify = () => view.user.click(within(dialog).getByRole("button", { name: /^Verify/ }));
  const giveHead = async (text: string) => {
    await view.user.click(field);
    await view.user.paste(text);
    await view.user.keyboard("{Enter}");
  };
  return { ...view, dialog, field, verify, giveHead };
}

describe("Audit trail verification", () => {
  test("An intact trail shows its record count and a trail head to copy", async () => {
    const auditRecords = Array.from({ length: 1234 }, (_, index) => makeAuditRecord(index + 1));
    const { dialog, user, server } = await openDialog({ auditRecords });
    await user.keyboard("{Enter}");
    const result = await screen.findByRole("group", { name: "All 1,234 records are intact" });
    expect(result).toHaveFocus();
    expect(result).toHaveTextContent("truncation can’t be detected");
    await user.click(within(dialog).getByRole("button", { name: "Copy head" }));
    // Wait for the tooltip: it appears after the click and changes the page.
    expect(await screen.findByRole("tooltip")).toHaveTextContent("Copied");
    const head = `ACC-0001-0002 1234 ${headHash} k1 ${headHash}`;
    await waitFor(async () => expect(await navigator.clipboard.readText()).toBe(head));
    expect(server.lastVariables("VerifyAuditTrail")).toEqual({ noted: null });
  });

  test("A trail with archived records shows which ones were verified, and what could not be compared", async () => {
    const auditRecords = Array.from({ length: 1500 }, (_, index) => makeAuditRecord(index + 1));
    const { giveHead, field, user } = await openDialog({ auditRecords, archivedRecords: 1234 });
    await giveHead(`1234 ${otherHash}`);
    const result = await screen.findByRole("group", { name: "The records from 1,235 on are intact" });
    expect(result).toHaveTextContent("Record 1,234 matches the saved head. Records 1 to 1,234 are archived.");
    await user.clear(field);
    await giveHead(`1233 ${otherHash}`);
    expect(await screen.findByText(/^Record 1,233 is archived, so the saved head wasn’t compared\./)).toBeVisible();
  });

  test.each([
    ["in the format of the command line", `  ACC-0001-0002 41 ${otherHash} `],
    ["with colons", `ACC-0001-0002:41:${otherHash}`],
    ["in capitals without the account", `41 ${otherHash.toUpperCase()}`],
  ])("A saved head %s is accepted", async (_, text) => {
    const { giveHead, server } = await openDialog();
    await giveHead(text);
    expect(await screen.findByText("Record 41 matches the saved head.")).toBeVisible();
    expect(server.lastVariables("VerifyAuditTrail")).toEqual({ noted: { sequence: 41, hash: otherHash } });
  });

  test("A signed head is sent with its key ID and signature", async () => {
    const { giveHead, server } = await openDialog();
    await giveHead(`ACC-0001-0002 41 ${otherHash} Key_2.b ${headHash}`);
    expect(await screen.findByText("Record 41 matches the saved head.")).toBeVisible();
    const noted = { sequence: 41, hash: otherHash, keyId: "Key_2.b", signature: headHash };
    expect(server.lastVariables("VerifyAuditTrail")).toEqual({ noted });
  });

  test.each([
    ["UNSIGNED", "The trail head isn’t signed"],
    ["INVALID", "The trail head’s signature is invalid"],
    ["UNCHECKED", "The trail head’s signature can’t be checked"],
  ] as const)("A trail head that is %s shows an alert and cannot be copied", async (headSignature, title) => {
    const { verify } = await openDialog({ headSignature });
    await verify();
    const result = await screen.findByRole("alert", { name: title });
    expect(result).toHaveTextContent(
      "Every record matches its hash, but there’s no proof that Hallpass wrote them all.",
    );
    expect(result).toHaveFocus();
    expect(screen.queryByRole("button", { name: "Copy head" })).not.toBeInTheDocument();
  });

  test.each([
    ["41", /^Enter the record number and the 64-character hash/],
    [`41 ${otherHash}0`, /^Enter the record number and the 64-character hash/],
    [`99999999999 ${otherHash}`, /^Enter the record number and the 64-character hash/],
    [
      `ACC-0001-0003 41 ${otherHash}`,
      /^This head belongs to ACC-0001-0003, but you’re in Northwind \(ACC-0001-0002\)\.$/,
    ],
  ])("The saved head %s is rejected before any request is sent", async (text, message) => {
    const { field, giveHead, server } = await openDialog();
    await giveHead(text);
    expect(await screen.findByText(message)).toBeVisible();
    expect(field).toHaveFocus();
    expect(field).toBeInvalid();
    expect(server.lastVariables("VerifyAuditTrail")).toBeUndefined();
  });

  test("An altered trail links to the first altered record, which opens above the result", async () => {
    const auditFault = { sequence: 12, message: "Record 12 was altered, moved or added." };
    const { dialog, user, verify } = await openDialog({ auditFault });
    await verify();
    const result = await screen.findByRole("alert", { name: "The audit trail has been altered" });
    expect(result).toHaveTextContent(auditFault.message);
    expect(result).toHaveFocus();
    await user.click(within(result).getByRole("link", { name: "View record 12" }));
    expect(await screen.findByRole("dialog", { name: "Record 12" })).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Record 12" })).not.toBeInTheDocument());
    expect(dialog).toBeVisible();
    await waitFor(() => expect(within(result).getByRole("link", { name: "View record 12" })).toHaveFocus());
  });

  test("A missing record has no link", async () => {
    const { verify } = await openDialog({ auditFault: { sequence: 99, message: "Record 99 is missing." } });
    await verify();
    expect(await screen.findByText(/^Record 99 is missing\./)).toBeVisible();
    expect(screen.queryByRole("link", { name: /^View record/ })).not.toBeInTheDocument();
  });

  test("A running verification shows its progress and does not start twice", async () => {
    const view = await openDialog();
    let answer = () => {};
    view.server.trouble("VerifyAuditTrail", new Promise<void>((resolve) => (answer = resolve)));
    await view.verify();
    await view.verify();
    expect(await screen.findByText(/^Verifying…/)).toBeVisible();
    answer();
    expect(await screen.findByText("All 14 records are intact")).toBeVisible();
    expect(view.server.requests.filter(({ operation }) => operation === "VerifyAuditTrail")).toHaveLength(1);
  });

  test.each([
    ["FORBIDDEN", "You don’t have permission to do this."],
    ["SERVICE_UNAVAILABLE", "Hallpass can’t reach its database right now."],
  ])("A verification that fails with %s shows an error and can be retried", async (code, message) => {
    const { server, verify } = await openDialog();
    server.trouble("VerifyAuditTrail", { code });
    await verify();
    const failure = await screen.findByRole("alert", { name: "Couldn’t verify the audit trail" });
    expect(failure).toHaveTextContent(message);
    server.heal();
    await verify();
    expect(await screen.findByText("All 14 records are intact")).toBeVisible();
  });
});
