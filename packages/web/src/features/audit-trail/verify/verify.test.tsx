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

describe("Verifying the audit trail", () => {
  it("says that all records are intact, and gives the trail head to save", async () => {
    const auditRecords = Array.from({ length: 1234 }, (_, index) => makeAuditRecord(index + 1));
    const { dialog, user, server } = await openDialog({ auditRecords });
    await user.keyboard("{Enter}");
    const result = await screen.findByRole("group", { name: "All 1,234 records are intact" });
    expect(result).toHaveFocus();
    expect(result).toHaveTextContent("truncation can’t be detected");
    await user.click(within(dialog).getByRole("button", { name: "Copy head" }));
    // Not before it has come: its coming changes the page after the click.
    expect(await screen.findByRole("tooltip")).toHaveTextContent("Copied");
    const head = `ACC-0001-0002 1234 ${headHash} k1 ${headHash}`;
    await waitFor(async () => expect(await navigator.clipboard.readText()).toBe(head));
    expect(server.lastVariables("VerifyAuditTrail")).toEqual({ noted: null });
  });

  it.each([
    ["as the command line prints it", `  ACC-0001-0002 41 ${otherHash} `],
    ["with colons", `ACC-0001-0002:41:${otherHash}`],
    ["without the account, in capitals", `41 ${otherHash.toUpperCase()}`],
  ])("takes a saved head %s", async (_, text) => {
    const { giveHead, server } = await openDialog();
    await giveHead(text);
    expect(await screen.findByText("Record 41 matches the saved head.")).toBeVisible();
    expect(server.lastVariables("VerifyAuditTrail")).toEqual({ noted: { sequence: 41, hash: otherHash } });
  });

  it("takes a signed head, and has its signature checked", async () => {
    const { giveHead, server } = await openDialog();
    await giveHead(`ACC-0001-0002 41 ${otherHash} Key_2.b ${headHash}`);
    expect(await screen.findByText("Record 41 matches the saved head.")).toBeVisible();
    const noted = { sequence: 41, hash: otherHash, keyId: "Key_2.b", signature: headHash };
    expect(server.lastVariables("VerifyAuditTrail")).toEqual({ noted });
  });

  it.each([
    ["UNSIGNED", "The trail head isn’t signed"],
    ["INVALID", "The trail head’s signature is invalid"],
    ["UNCHECKED", "The trail head’s signature can’t be checked"],
  ] as const)("shows a head that is %s as an alert, and gives no head to save", async (headSignature, title) => {
    const { verify } = await openDialog({ headSignature });
    await verify();
    const result = await screen.findByRole("alert", { name: title });
    expect(result).toHaveTextContent("Every record matches its hash, but nothing shows that Hallpass wrote them all.");
    expect(result).toHaveFocus();
    expect(screen.queryByRole("button", { name: "Copy head" })).not.toBeInTheDocument();
  });

  it.each([
    ["41", /^Enter the record number and the 64-character hash/],
    [`41 ${otherHash}0`, /^Enter the record number and the 64-character hash/],
    [`99999999999 ${otherHash}`, /^Enter the record number and the 64-character hash/],
    [
      `ACC-0001-0003 41 ${otherHash}`,
      /^This head belongs to ACC-0001-0003, but you’re in Northwind \(ACC-0001-0002\)\.$/,
    ],
  ])("rejects %s without asking the server", async (text, message) => {
    const { field, giveHead, server } = await openDialog();
    await giveHead(text);
    expect(await screen.findByText(message)).toBeVisible();
    expect(field).toHaveFocus();
    expect(field).toBeInvalid();
    expect(server.lastVariables("VerifyAuditTrail")).toBeUndefined();
  });

  it("names the first altered record, and opens it over the result", async () => {
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

  it("has no link to a missing record", async () => {
    const { verify } = await openDialog({ auditFault: { sequence: 99, message: "Record 99 is missing." } });
    await verify();
    expect(await screen.findByText(/^Record 99 is missing\./)).toBeVisible();
    expect(screen.queryByRole("link", { name: /^View record/ })).not.toBeInTheDocument();
  });

  it("shows that it is running, and does not start twice", async () => {
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

  it.each([
    ["FORBIDDEN", "You don’t have permission to do this."],
    ["SERVICE_UNAVAILABLE", "Hallpass can’t reach its database right now."],
  ])("says what happened when it cannot be done: %s", async (code, message) => {
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
