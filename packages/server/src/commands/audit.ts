import type { AppContext } from "../app-context.js";
import { userFault } from "../errors.js";
import { AuditHeadEntity } from "../features/audit/audit-record.entity.js";
import { type AuditHead, verifyAuditTrail } from "../features/audit/verify-audit-trail.js";

/** A line for each account: `ACC-0001-0002 41 <hash>`. Keep them where the database's operator cannot write. */
export async function printAuditHeads(app: AppContext, { account }: { account?: string }): Promise<void> {
  for (const { accountId, sequence, hash } of await heads(app, account))
    console.log(`${accountId} ${sequence} ${hash}`);
}

/** Says for each account whether its trail is as it was written. False: one is not. */
export async function verifyAuditTrails(
  app: AppContext,
  { account, head }: { account?: string; head?: string[] },
): Promise<boolean> {
  const noted = new Map((head ?? []).map(parseHead));
  let isGood = true;
  for (const { accountId } of await heads(app, account)) {
    const { records, fault } = await verifyAuditTrail(app.dataSource, accountId, noted.get(accountId));
    console.log(`${accountId} ${fault ? `FAULT ${fault.message}` : `good, ${records} records`}`);
    if (fault) isGood = false;
  }
  return isGood;
}

async function heads(app: AppContext, accountId: string | undefined): Promise<AuditHeadEntity[]> {
  const found = await app.dataSource.manager.find(AuditHeadEntity, {
    ...(accountId && { where: { accountId } }),
    order: { accountId: "ASC" },
  });
  if (accountId && found.length === 0) throw userFault("NOT_FOUND", `There is no account ${accountId}.`);
  return found;
}

/** As `audit head` prints it. */
function parseHead(text: string): [string, AuditHead] {
  const [accountId = "", sequence = "", hash = ""] = text.trim().split(/[\s:]+/);
  if (!/^\d+$/.test(sequence) || !/^[0-9a-f]{64}$/.test(hash))
    throw userFault("INVALID", "A noted head is an account, a number and a hash, as 'audit head' prints them.");
  return [accountId, { sequence: Number(sequence), hash }];
}
