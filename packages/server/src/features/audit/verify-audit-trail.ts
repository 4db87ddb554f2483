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

/** The number and hash of the account's newest record, as they are stored; null: somebody has removed them. */
export async function readAuditHead(dataSource: DataSource, accountId: string): Promise<AuditHead | null> {
  const head = await dataSource.manager.findOneBy(AuditHeadEntity, { accountId });
  return head && { sequence: head.sequence, hash: head.hash };
}

/**
 * Computes an account's whole chain again, and names the first record that was altered, removed, added or moved.
 * `mayContinue` is asked before each read, and stops the verification by throwing.
 */
export async function verifyAuditTrail(
  dataSource: DataSource,
  accountId: string,
  noted: AuditHead[] = [],
  mayContinue: () => Promise<unknown> = async () => {},
): Promise<Verification> {
  // Read first: records that are written meanwhile come after it and are no fault.
  const head = await readAuditHead(dataSource, accountId);
  if (!head) return { records: 0, head: none, fault: { sequence: 1, message: "The trail's head is missing." } };
  const { last, records, fault } = await walk(dataSource, accountId, head, noted, mayContinue);
  return { records, head, fault: fault ?? faultOfEnd(last, head, noted) };
}

const none: AuditHead = { sequence: 0, hash: chainStart };

interface Walk {
  /** The last record that is as it was written. */
  last: AuditHead;
  records: number;
  fault: Verification["fault"];
}

async function walk(
  dataSource: DataSource,
  accountId: string,
  head: AuditHead,
  noted: AuditHead[],
  mayContinue: () => Promise<unknown>,
): Promise<Walk> {
  let last = none;
  let records = 0;
  for (;;) {
    await mayContinue();
    const batch = await dataSource.manager.find(AuditRecordEntity, {
      // From the very first: a record that was added can have any number.
      where: { accountId, ...(records > 0 && { sequence: MoreThan(last.sequence) }) },
      order: { sequence: "ASC" },
      take: recordsPerRead,
    });
    for (const record of batch) {
      if (record.sequence > head.sequence && last.sequence === head.sequence)
        return { last, records, fault: await faultOfNewer(dataSource, record) };
      records++;
      const fault = faultOfRecord(record, last, noted);
      if (fault) return { last, records, fault };
      last = record;
    }
    if (batch.length < recordsPerRead) return { last, records, fault: null };
  }
}

/** A record after the head: written since it was read, and then it has moved on, too; or added by somebody. */
async function faultOfNewer(dataSource: DataSource, { accountId, sequence }: AuditRecordEntity) {
  const now = await readAuditHead(dataSource, accountId);
  return now && now.sequence >= sequence ? null : { sequence, message: `Record ${sequence} was added.` };
}

function faultOfRecord(record: AuditRecordEntity, last: AuditHead, noted: AuditHead[]) {
  const { sequence, hash } = record;
  if (sequence < 1) return { sequence, message: `Record ${sequence} was added.` };
  if (sequence !== last.sequence + 1)
    return { sequence: last.sequence + 1, message: `Record ${last.sequence + 1} is missing.` };
  if (hashRecord(last.hash, record) !== hash)
    return { sequence, message: `Record ${sequence} was altered, moved or added.` };
  if (noted.some((each) => each.sequence === sequence && each.hash !== hash))
    return { sequence, message: `Record ${sequence} is not the one that was noted: the trail up to it was rewritten.` };
  return null;
}

function faultOfEnd(last: AuditHead, head: AuditHead, noted: AuditHead[]): Verification["fault"] {
  const next = last.sequence + 1;
  const missing = `Record ${next} and what follows are missing`;
  if (last.sequence < head.sequence) return { sequence: next, message: `${missing}.` };
  if (last.hash !== head.hash)
    return { sequence: head.sequence, message: `Record ${head.sequence} is not the one that the head names.` };
  const gone = noted.find(({ sequence }) => sequence > last.sequence);
  if (gone) return { sequence: next, message: `${missing}: record ${gone.sequence} was noted.` };
  // An empty trail was noted as the start of the chain; no other head stands before its first record.
  if (noted.some(({ sequence, hash }) => sequence < 1 && !(sequence === 0 && hash === chainStart)))
    return { sequence: 1, message: "The head that was noted is none of this trail." };
  return null;
}
