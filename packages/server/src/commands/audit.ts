import type { AppContext } from "../app-context.js";
import { userFault } from "../errors.js";
import { AccountEntity } from "../features/accounts/account.entity.js";
import { type AuditHead, readAuditHead, verifyAuditTrail } from "../features/audit/verify-audit-trail.js";

/** A line for each account: `ACC-0001-0002 41 <hash>`. Keep them where the database's operator cannot write. */
export async function printAuditHeads(app: AppContext, { account }: { account?: string }): Promise<void> {
  for (const id of await accountIds(app, account)) {
    const head = await readAuditHead(app.dataSource, id);
    if (head) console.log(`${id} ${head.sequence} ${head.hash}`);
  }
}

/** Says for each account whether its trail is as it was written. False: one is not, or an account that was noted is gone. */
export async function verifyAuditTrails(
  app: AppContext,
  { account, head }: { account?: string; head?: string[] },
): Promise<boolean> {
  const noted = (head ?? []).flatMap(parseHeads).filter(({ accountId }) => !account || accountId === account);
  let isGood = true;
  const say = (id: string, records: number, fault: { message: string } | null) => {
    console.log(`${id} ${fault ? `FAULT ${fault.message}` : `good, ${records} records`}`);
    if (fault) isGood = false;
  };
  const ids = await accountIds(app, account);
  for (const id of ids) {
    const { records, fault } = await verifyAuditTrail(
      app.dataSource,
      id,
      noted.filter(({ accountId }) => accountId === id),
    );
    say(id, records, fault);
  }
  for (const id of new Set(noted.map(({ accountId }) => accountId)))
    if (!ids.includes(id)) say(id, 0, { message: "The account is missing." });
  return isGood;
}

async function accountIds(app: AppContext, id: string | undefined): Promise<string[]> {
  const found = await app.dataSource.manager.find(AccountEntity, {
    ...(id && { where: { id } }),
    order: { id: "ASC" },
  });
  if (id && found.length === 0) throw userFault("NOT_FOUND", `There is no account ${id}.`);
  return found.map((account) => account.id);
}

interface NotedHead extends AuditHead {
  accountId: string;
}

/** One or more lines as `audit head` prints them. */
function parseHeads(text: string): NotedHead[] {
  return text.trim().split("\n").map(parseHead);
}

function parseHead(line: string): NotedHead {
  const [accountId = "", sequence = "", hash = ""] = line.trim().split(/[\s:]+/);
  if (!/^\d+$/.test(sequence) || !/^[0-9a-f]{64}$/.test(hash))
    throw userFault("INVALID", "A noted head is an account, a number and a hash, as 'audit head' prints them.");
  return { accountId, sequence: Number(sequence), hash };
}
