import { type AuditEvent, affectsChecks } from "@hallpass/shared";
import type { EntityManager } from "typeorm";
import type { Transaction } from "../../db/transaction.js";
import type { AuthenticatedCaller, CallContext, PersonCaller } from "../../request-context.js";
import { AuditHeadEntity, AuditRecordEntity } from "./audit-record.entity.js";
import { hashRecord } from "./hash-chain.js";

export interface AuditEntry {
  event: AuditEvent;
  summary: string;
  object: { id: string; name: string };
  /** What was and what is, for what has changed; never a value or a secret. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/** Who did it, in the trail of which account, and from where. */
type AuditContext = Pick<CallContext, "app" | "origin"> & {
  caller: AuthenticatedCaller | Pick<PersonCaller, "id" | "name" | "account">;
};

/**
 * Writes what happened into the account's trail, in the transaction of the change itself: both are stored or neither
 * is. Once they are, every process learns that the object has changed: the trail is the one place that all changes go
 * through. Call it last: it locks the account's head row, which gives the numbers without gaps and the chain its order.
 * Gives the record's number.
 */
export async function writeAuditRecord(
  { manager, afterCommit }: Transaction,
  { app, caller, origin }: AuditContext,
  { event, summary, object, before = {}, after = {} }: AuditEntry,
): Promise<number> {
  const accountId = caller.account.id;
  const head = await lockNextHead(manager, accountId);
  const record = {
    accountId,
    sequence: head.sequence,
    at: app.now(),
    event,
    // Databases store no half of a character, and the hash is of what is stored.
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
  const hash = hashRecord(head.hash, record);
  await manager.insert(AuditRecordEntity, { ...record, hash });
  await manager.update(AuditHeadEntity, { accountId }, { hash });
  if (affectsChecks(event)) afterCommit(() => app.announce({ accountId, objectId: object.id }));
  return record.sequence;
}

/** Until the transaction ends, no other change in the account is recorded. Changes nothing itself. */
export async function lockAuditHead(manager: EntityManager, accountId: string): Promise<void> {
  const { affected } = await manager.update(AuditHeadEntity, { accountId }, { sequence: () => "sequence" });
  if (!affected) throw new Error(`Account ${accountId} has no audit trail.`);
}

/** Takes the account's next number; the hash is still that of the record before. */
async function lockNextHead(manager: EntityManager, accountId: string): Promise<AuditHeadEntity> {
  const { affected } = await manager.increment(AuditHeadEntity, { accountId }, "sequence", 1);
  if (!affected) throw new Error(`Account ${accountId} has no audit trail.`);
  return manager.findOneByOrFail(AuditHeadEntity, { accountId });
}
