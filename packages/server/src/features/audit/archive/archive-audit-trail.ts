import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ChainLink } from "@hallpass/shared/check";
import { Between, type EntityManager, LessThanOrEqual, MoreThanOrEqual, Not } from "typeorm";
import type { CallContext } from "../../../context/request-context.js";
import type { SystemCaller } from "../../../core/caller-types.js";
import { inTransaction, type Transaction } from "../../../db/transaction.js";
import { AuditArchiveEntity, AuditRecordEntity } from "../audit-record.entity.js";
import { verifyAuditTrail } from "../verify-audit-trail.js";
import { lockAuditHead, writeAuditRecord } from "../write-audit-record.js";
import { ArchiveError, archiveFileName, verifyArchiveFile, writeArchiveFile } from "./archive-files.js";
import { type Archiving, findArchived, lastArchiving } from "./archived.js";

interface ArchiveOptions {
  /** Where the files go. It must exist. */
  folder: string;
  /** Records written before this time are archived. */
  before: Date;
}

type Context = CallContext<SystemCaller>;

/** Changes of the account wait for a step, and checks are answered between two. */
const recordsPerStep = 500;
const pauseMs = 20;

/**
 * Moves an account's oldest audit records to a file. First, the whole trail is verified, then the file is written and
 * read again, then the trail records it, and only then are the records deleted, in steps. Safe to interrupt and repeat:
 * what a stopped run has recorded is deleted first. Returns what was moved, per file. Throws an ArchiveError if trail or
 * file are not intact.
 */
export async function archiveAuditTrail(context: Context, { folder, before }: ArchiveOptions): Promise<Archiving[]> {
  const { app, caller } = context;
  const { manager } = app.dataSource;
  const accountId = caller.account.id;
  const { archived, mismatch, headSignature } = await verifyAuditTrail(app, accountId);
  if (mismatch) throw new ArchiveError(mismatch.message);
  if (app.keyring.ids.length > 0 && headSignature !== "VALID")
    throw new ArchiveError("The trail head is not validly signed.");

  const moved: Archiving[] = [];
  const interrupted = await lastArchiving(manager, accountId);
  if (interrupted && interrupted.to.sequence > archived.sequence) {
    await deleteArchived(context, folder, interrupted);
    moved.push(interrupted);
  }
  const from = await findArchived(manager, accountId);
  const to = await lastBefore(manager, accountId, before);
  if (!to || !(await isWorthwhile(manager, accountId, to))) return moved;
  const archiving = { from, to, file: archiveFileName(accountId, from.sequence + 1, to.sequence) };
  const path = join(folder, archiving.file);
  if (!existsSync(path)) await writeArchiveFile(path, storedRecords(manager, accountId, archiving));
  await verifyFile(folder, archiving);
  await inTransaction(app.dataSource, (tx) => recordArchiving(tx, context, archiving));
  await deleteArchived(context, folder, archiving);
  return [...moved, archiving];
}

/** The last record before the first one of this time or later. Null if none is old enough. */
async function lastBefore(manager: EntityManager, accountId: string, before: Date): Promise<ChainLink | null> {
  // Processes' clocks differ, so a record can be older than the one before it.
  const firstKept = await manager.minimum(AuditRecordEntity, "sequence", { accountId, at: MoreThanOrEqual(before) });
  const [last] = await manager.find(AuditRecordEntity, {
    where: { accountId, ...(firstKept !== null && { sequence: LessThanOrEqual(firstKept - 1) }) },
    order: { sequence: "DESC" },
    take: 1,
  });
  return last ? { sequence: last.sequence, hash: last.hash } : null;
}

/** Otherwise each run would archive the record that the last one has written. */
function isWorthwhile(manager: EntityManager, accountId: string, to: ChainLink): Promise<boolean> {
  return manager.existsBy(AuditRecordEntity, {
    accountId,
    sequence: LessThanOrEqual(to.sequence),
    event: Not("audit_trail.archived"),
  });
}

async function* storedRecords(
  manager: EntityManager,
  accountId: string,
  { from, to }: Archiving,
): AsyncGenerator<AuditRecordEntity[]> {
  for (let first = from.sequence + 1; first <= to.sequence; first += recordsPerStep)
    yield await manager.find(AuditRecordEntity, {
      where: { accountId, sequence: Between(first, Math.min(to.sequence, first + recordsPerStep - 1)) },
      order: { sequence: "ASC" },
    });
}

/** Throws an ArchiveError unless the file contains exactly these records. */
async function verifyFile(folder: string, { from, to, file }: Archiving): Promise<void> {
  const last = await verifyArchiveFile(join(folder, file), from);
  if (last.sequence !== to.sequence || last.hash !== to.hash)
    throw new ArchiveError(`${join(folder, file)} does not contain the records to archive.`);
}

async function recordArchiving(tx: Transaction, context: Context, { from, to, file }: Archiving): Promise<void> {
  const { id } = context.caller.account;
  await lockAuditHead(tx.manager, id);
  const archived = await findArchived(tx.manager, id);
  const last = await lastArchiving(tx.manager, id);
  if (archived.sequence !== from.sequence || (last && last.to.sequence > from.sequence))
    throw new ArchiveError("Another command is archiving this trail.");
  await writeAuditRecord(tx, context, {
    event: "audit_trail.archived",
    summary: `Records ${from.sequence + 1} to ${to.sequence} moved to an archive`,
    object: context.caller.account,
    before: { ...from },
    after: { ...to, file },
  });
}

/** Deletes what is still stored of the file's records. */
async function deleteArchived({ app, caller }: Context, folder: string, archiving: Archiving): Promise<void> {
  await verifyFile(folder, archiving);
  const isDone = () =>
    inTransaction(app.dataSource, ({ manager }) => deleteStep(manager, caller.account.id, archiving.to));
  while (!(await isDone())) await sleep(pauseMs);
}

/** Moves the archive's end and deletes the records up to it, both or neither. Returns whether nothing was left to do. */
async function deleteStep(manager: EntityManager, accountId: string, to: ChainLink): Promise<boolean> {
  await lockAuditHead(manager, accountId);
  const archived = await findArchived(manager, accountId);
  if (archived.sequence >= to.sequence) return true;
  const sequence = Math.min(to.sequence, archived.sequence + recordsPerStep);
  const { hash } = await manager.findOneByOrFail(AuditRecordEntity, { accountId, sequence });
  await manager.save(AuditArchiveEntity, { accountId, sequence, hash });
  await manager.delete(AuditRecordEntity, { accountId, sequence: LessThanOrEqual(sequence) });
  return false;
}
