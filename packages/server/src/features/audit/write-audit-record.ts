import { type AuditEvent, affectsChecks } from "@hallpass/shared";
import type { EntityManager } from "typeorm";
import type { CallContext } from "../../context/request-context.js";
import type { AuthenticatedCaller, PersonCaller } from "../../core/caller-types.js";
import type { Transaction } from "../../db/transaction.js";
import { AuditHeadEntity, AuditRecordEntity } from "./audit-record.entity.js";
import { hashRecord } from "./hash-chain.js";
import { signNextHead } from "./heads/head-signature.js";

export interface AuditEntry {
  event: AuditEvent;
  summary: string;
  object: { id: string; name: string };
  /** State of the changed fields before and after. Never a value or a secret. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/** Who acted, in the trail of which account, and from where. */
type AuditContext = Pick<CallContext, "app" | "origin"> & {
  caller: AuthenticatedCaller | Pick<PersonCaller, "id" | "name" | "account">;
};

/**
 * Writes an audit record in the transaction of the change itself, so that both are stored or neither is. After the
 * commit, every process learns that the object has changed, as all changes go through the trail. Call it last: it locks
 * the account's head row, which gives numbers without gaps and puts the chain in order. Returns the record's number.
 */
export function writeAuditRecord(tx: Transaction, context: AuditContext, entry: AuditEntry): Promise<number> {
  return writeAuditRecords(tx, context, [entry]);
}

/** Blocks the recording of other changes in the account until the transaction ends. Changes nothing itself. */
export async function lockAuditHead(manager: EntityManager, accountId: string): Promise<void> {
  const { affected } = await manager.update(AuditHeadEntity, { accountId }, { sequence: () => "sequence" });
  if (!affected) throw new Error(`Account ${accountId} has no audit trail.`);
}

/** Like `writeAuditRecord`, for several entries of one account in order. Returns the last record's number. */
export async function writeAuditRecords(
  { manager, afterCommit }: Transaction,
  { app, caller, origin }: AuditContext,
  entries: AuditEntry[],
): Promise<number> {
  const accountId = caller.account.id;
  const head = await lockNextHead(manager, accountId, entries.length);
  let { hash } = head;
  const records = entries.map(({ event, summary, object, before = {}, after = {} }, index) => {
    const record = {
      accountId,
      sequence: head.sequence - entries.length + 1 + index,
      at: app.now(),
      event,
      // Databases cannot store lone surrogates, and the hash is of what is stored.
      summary: summary.toWellFormed(),
      objectId: object.id,
      objectName: object.name.toWellFormed(),
      actorId: caller.id,
      actorName: caller.name?.toWellFormed() ?? null,
      ip: origin.ip,
      userAgent: origin.userAgent?.slice(0, 255) ?? null,
      requestId: origin.requestId,
      changes: JSON.stringify({ before, after }),
    };
    hash = hashRecord(hash, record);
    return { ...record, hash };
  });
  for (let start = 0; start < records.length; start += recordsPerStatement)
    await manager.insert(AuditRecordEntity, records.slice(start, start + recordsPerStatement));
  const next = { accountId, sequence: head.sequence, hash };
  const before = { ...head, sequence: head.sequence - entries.length };
  await manager.update(AuditHeadEntity, { accountId }, { hash, ...signNextHead(app, before, next) });
  afterCommit(() => app.headsFile.changed(accountId));
  for (const { event, object } of entries)
    if (affectsChecks(event)) afterCommit(() => app.announce({ accountId, objectId: object.id }));
  return head.sequence;
}

const recordsPerStatement = 200;

/** Locks every account's trail, in the order of their IDs, so that two of these never deadlock. */
export async function lockAuditTrails(manager: EntityManager): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(AuditHeadEntity)
    .set({ sequence: () => "sequence" })
    .execute();
}

/**
 * Reserves the account's next numbers and returns the head with the last of them. Hash and signature are still those of
 * the previous record.
 */
async function lockNextHead(manager: EntityManager, accountId: string, count: number): Promise<AuditHeadEntity> {
  const { affected } = await manager.increment(AuditHeadEntity, { accountId }, "sequence", count);
  if (!affected) throw new Error(`Account ${accountId} has no audit trail.`);
  return manager.findOneByOrFail(AuditHeadEntity, { accountId });
}
