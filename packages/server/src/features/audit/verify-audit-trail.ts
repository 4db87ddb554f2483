import { type DataSource, MoreThan } from "typeorm";
import { AuditHeadEntity, AuditRecordEntity } from "./audit-record.entity.js";
import { chainStart, hashRecord } from "./hash-chain.js";

/** The newest record that somebody has noted elsewhere: what a cut-off tail is measured against. */
export interface AuditHead {
  sequence: number;
  hash: string;
}

export interface Verification {
  /** Records that were read. */
  records: number;
  /** As it is stored now. */
  head: AuditHead;
  /** The first record that is not as it was written; null: every one is. */
  fault: { sequence: number; message: string } | null;
}

const recordsPerRead = 1_000;

/** Computes an account's whole chain again, and names the first record that was altered, removed, added or moved. */
export async function verifyAuditTrail(
  dataSource: DataSource,
  accountId: string,
  noted?: AuditHead,
): Promise<Verification> {
  // Read first: records that are written meanwhile come after it and are no fault.
  const { sequence, hash } = await dataSource.manager.findOneByOrFail(AuditHeadEntity, { accountId });
  const head = { sequence, hash };
  const { last, records, fault } = await walk(dataSource, accountId, sequence, noted);
  return { records, head, fault: fault ?? faultOfEnd(last, head, noted) };
}

async function walk(dataSource: DataSource, accountId: string, end: number, noted: AuditHead | undefined) {
  let last: AuditHead = { sequence: 0, hash: chainStart };
  let records = 0;
  for (;;) {
    const batch = await dataSource.manager.find(AuditRecordEntity, {
      where: { accountId, sequence: MoreThan(last.sequence) },
      order: { sequence: "ASC" },
      take: recordsPerRead,
    });
    for (const record of batch) {
      if (record.sequence > end) return { last, records, fault: null };
      records++;
      const fault = faultOfRecord(record, last, noted);
      if (fault) return { last, records, fault };
      last = record;
    }
    if (batch.length < recordsPerRead) return { last, records, fault: null };
  }
}

function faultOfRecord(record: AuditRecordEntity, last: AuditHead, noted: AuditHead | undefined) {
  const { sequence, hash } = record;
  if (sequence !== last.sequence + 1)
    return { sequence: last.sequence + 1, message: `Record ${last.sequence + 1} is missing.` };
  if (hashRecord(last.hash, record) !== hash)
    return { sequence, message: `Record ${sequence} was altered, moved or added.` };
  if (noted?.sequence === sequence && noted.hash !== hash)
    return { sequence, message: `Record ${sequence} is not the one that was noted: the trail up to it was rewritten.` };
  return null;
}

function faultOfEnd(last: AuditHead, head: AuditHead, noted: AuditHead | undefined) {
  const next = last.sequence + 1;
  if (last.sequence < head.sequence) return { sequence: next, message: `Record ${next} and what follows are missing.` };
  if (last.hash !== head.hash)
    return { sequence: head.sequence, message: `Record ${head.sequence} is not the one that the head names.` };
  if (noted && noted.sequence > last.sequence)
    return {
      sequence: next,
      message: `Record ${next} and what follows are missing: record ${noted.sequence} was noted.`,
    };
  return null;
}
