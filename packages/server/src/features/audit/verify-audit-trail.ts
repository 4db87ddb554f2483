import { setImmediate as nextTurn } from "node:timers/promises";
import { type ChainLink } from "@hallpass/shared/check";
import { type EntityManager, In, LessThanOrEqual } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import { findArchived, isInArchive, lastArchiving } from "./archive/archived.js";
import { AuditHeadEntity, AuditRecordEntity } from "./audit-record.entity.js";
import { chainBegin, hashRecord } from "./hash-chain.js";
import { checkSignature, type HeadSignature } from "./heads/head-signature.js";
import { recordsAfter, recordsPerRead } from "./read-records.js";

/** The newest record of a trail, as stored or as saved elsewhere. */
export interface AuditHead {
  sequence: number;
  hash: string;
  /** In hex. Null, like the key's ID, if unsigned. */
  signature: string | null;
  keyId: string | null;
}

interface Mismatch {
  sequence: number;
  message: string;
}

export interface Verification {
  /** Number of records read. */
  records: number;
  /** The newest record that is in an archive instead, and was not read. */
  archived: ChainLink;
  /** As stored now. */
  head: AuditHead;
  headSignature: HeadSignature;
  /** The first record that is not intact. Null if all are. */
  mismatch: Mismatch | null;
}

type Trails = Pick<AppContext, "dataSource" | "keyring">;

/** The account's head as stored. Null if someone has removed it. */
export async function readAuditHead(manager: EntityManager, accountId: string): Promise<AuditHead | null> {
  const head = await manager.findOneBy(AuditHeadEntity, { accountId });
  return head && { sequence: head.sequence, hash: head.hash, signature: head.signature, keyId: head.keyId };
}

/**
 * Recomputes an account's whole chain and reports the first record that was altered, removed, added or moved. With
 * saved heads, also detects truncation and a rewritten trail. `mayContinue` is called before each read, and stops the
 * verification by throwing.
 */
export async function verifyAuditTrail(
  trails: Trails,
  accountId: string,
  saved: AuditHead[] = [],
  mayContinue: () => Promise<unknown> = async () => {},
): Promise<Verification> {
  const { manager } = trails.dataSource;
  // Read first, so that records written meanwhile come after it and are no mismatch.
  const head = await readAuditHead(manager, accountId);
  if (!head)
    return {
      records: 0,
      archived: chainBegin,
      head: { ...chainBegin, signature: null, keyId: null },
      headSignature: "UNSIGNED",
      mismatch: { sequence: 1, message: "The trail head is missing." },
    };
  const headSignature = checkSignature(trails.keyring, { accountId, ...head });
  const { archived, records, mismatch } = await verifyStored(manager, accountId, head, mayContinue);
  return {
    records,
    archived,
    head,
    headSignature,
    mismatch: earlier(mismatch, await compareSavedHeads(trails, accountId, saved)),
  };
}

/** Verifies everything but the archive, from the newest archived record to the head. */
async function verifyStored(
  manager: EntityManager,
  accountId: string,
  head: AuditHead,
  mayContinue: () => Promise<unknown>,
): Promise<Pick<Verification, "archived" | "records" | "mismatch">> {
  for (;;) {
    const archived = await findArchived(manager, accountId);
    const { records, mismatch } = await verifyRecords(manager, accountId, archived, head, mayContinue);
    const found = earlier(mismatch, await compareArchived(manager, accountId, archived));
    // Records that were archived meanwhile are not missing.
    const isCurrent = (await findArchived(manager, accountId)).sequence === archived.sequence;
    if (isCurrent || !found) return { archived, records, mismatch: found };
  }
}

/** Whether records were removed without being archived, or added where others had been archived. */
async function compareArchived(
  manager: EntityManager,
  accountId: string,
  archived: ChainLink,
): Promise<Mismatch | null> {
  const { sequence, hash } = archived;
  const added = await manager.findOne(AuditRecordEntity, {
    where: { accountId, sequence: LessThanOrEqual(sequence) },
    order: { sequence: "ASC" },
  });
  if (added) return { sequence: added.sequence, message: `Record ${added.sequence} was added.` };
  if (sequence === 0) return null;
  const archiving = await lastArchiving(manager, accountId);
  const isRecorded =
    archiving &&
    (archiving.to.sequence > sequence || (archiving.to.sequence === sequence && archiving.to.hash === hash));
  return isRecorded ? null : { sequence, message: `Records up to ${sequence} were removed without being archived.` };
}

/**
 * Compares heads saved elsewhere with the stored records. Pass at most 10,000 at a time. Does not verify that the
 * records belong together. Null if all of the heads are still part of the trail. Those of archived records are compared
 * only with the newest.
 */
export async function compareSavedHeads(
  { dataSource: { manager }, keyring }: Trails,
  accountId: string,
  saved: AuditHead[],
): Promise<Mismatch | null> {
  const head = saved.length > 0 ? await readAuditHead(manager, accountId) : null;
  if (!head) return null;
  const records = await manager.find(AuditRecordEntity, {
    select: { accountId: true, sequence: true, hash: true },
    where: { accountId, sequence: In(saved.map(({ sequence }) => sequence)) },
  });
  // Read last: a record that is not found was archived before.
  const archived = await findArchived(manager, accountId);
  const hashes = new Map([archived, ...records].map(({ sequence, hash }) => [sequence, hash]));
  let first: Mismatch | null = null;
  for (const each of saved) {
    const isForged = checkSignature(keyring, { accountId, ...each }) === "INVALID";
    if (!isForged && isInArchive(each.sequence, archived)) continue;
    const mismatch = isForged ? forged(each) : compareSaved(each, hashes.get(each.sequence), head);
    first = earlier(first, mismatch);
  }
  return first;
}

function forged({ sequence }: AuditHead): Mismatch {
  return { sequence, message: `The saved head of record ${sequence} has an invalid signature: it was altered.` };
}

function compareSaved({ sequence, hash }: AuditHead, stored: string | undefined, head: AuditHead): Mismatch | null {
  if (sequence < 1) {
    // An empty trail is saved as the start of the chain. No other head comes before the first record.
    const isStart = sequence === 0 && hash === chainBegin.hash;
    return isStart ? null : { sequence: 1, message: "The saved head does not belong to this trail." };
  }
  if (sequence > head.sequence) {
    const next = head.sequence + 1;
    return { sequence: next, message: `${missingFrom(next)} The saved head is at record ${sequence}.` };
  }
  if (stored === undefined) return { sequence, message: `Record ${sequence} is missing.` };
  if (stored === hash) return null;
  return { sequence, message: `Record ${sequence} does not match the saved head. The trail up to it was rewritten.` };
}

/** The mismatch with the lower record number. */
export function earlier(one: Mismatch | null, other: Mismatch | null): Mismatch | null {
  return other && (!one || other.sequence < one.sequence) ? other : one;
}

/** Recomputes the chain from one head, which is known to be valid, to another. */
export async function verifyRecords(
  manager: EntityManager,
  accountId: string,
  from: ChainLink,
  to: ChainLink,
  mayContinue: () => Promise<unknown> = async () => {},
): Promise<{ records: number; mismatch: Mismatch | null }> {
  let last = from;
  let records = 0;
  for (;;) {
    await nextTurn();
    await mayContinue();
    const batch = await recordsAfter(manager, accountId, last.sequence);
    for (const record of batch) {
      if (record.sequence > to.sequence && last.sequence === to.sequence)
        return { records, mismatch: (await compareNewer(manager, record)) ?? compareEnd(last, to) };
      records++;
      const mismatch = compareRecord(record, last);
      if (mismatch) return { records, mismatch };
      last = record;
    }
    if (batch.length < recordsPerRead) return { records, mismatch: compareEnd(last, to) };
  }
}

/**
 * A record after the head: either written since the head was read, so that the head has moved on too, or added by
 * someone.
 */
async function compareNewer(manager: EntityManager, { accountId, sequence }: AuditRecordEntity) {
  const now = await readAuditHead(manager, accountId);
  return now && now.sequence >= sequence ? null : { sequence, message: `Record ${sequence} was added.` };
}

function compareRecord(record: AuditRecordEntity, last: ChainLink): Mismatch | null {
  const { sequence, hash } = record;
  if (sequence !== last.sequence + 1)
    return { sequence: last.sequence + 1, message: `Record ${last.sequence + 1} is missing.` };
  const isDated = !Number.isNaN(record.at.getTime());
  if (!isDated || hashRecord(last.hash, record) !== hash)
    return { sequence, message: `Record ${sequence} was altered, moved or added.` };
  return null;
}

const missingFrom = (sequence: number) => `Record ${sequence} and all later records are missing.`;

function compareEnd(last: ChainLink, head: ChainLink): Mismatch | null {
  const next = last.sequence + 1;
  if (last.sequence < head.sequence) return { sequence: next, message: missingFrom(next) };
  if (last.hash !== head.hash)
    return { sequence: head.sequence, message: `Record ${head.sequence} does not match the trail head.` };
  return null;
}
