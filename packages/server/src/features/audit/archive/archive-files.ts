import { open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ChainLink } from "@hallpass/shared/check";
import type { AuditRecordEntity } from "../audit-record.entity.js";
import { chainBegin, hashRecord } from "../hash-chain.js";

/** Name of the file with these records of an account, e.g. `ACC-1234-5678.1-5000.jsonl`. */
export const archiveFileName = (accountId: string, first: number, last: number): string =>
  `${accountId}.${first}-${last}.jsonl`;

const nameFormat = /^(?<accountId>ACC(?:-\d{4})+)\.(?<first>\d+)-\d+\.jsonl$/;

/** Writes records as JSON lines, like an export. When this returns, the file is on disk and complete. */
export async function writeArchiveFile(path: string, records: AsyncIterable<AuditRecordEntity[]>): Promise<void> {
  const partial = `${path}.part`;
  const file = await open(partial, "w", 0o600);
  try {
    for await (const page of records)
      await file.appendFile(page.map((record) => `${JSON.stringify(record)}\n`).join(""));
    await file.sync();
    await file.close();
    await rename(partial, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(partial, { force: true });
    throw error;
  }
  const directory = await open(dirname(path), "r");
  await directory.sync().finally(() => directory.close());
}

/** A file in an archive is not what it should be. */
export class ArchiveError extends Error {
  override name = "ArchiveError";
}

/**
 * Reads a file and recomputes its part of the chain. Returns its last record. `onRecord` is called for each. Throws an
 * ArchiveError for the first line that does not continue the chain.
 */
export async function verifyArchiveFile(
  path: string,
  from: ChainLink,
  onRecord: (link: ChainLink) => void = () => {},
): Promise<ChainLink> {
  const file = await open(path).catch((error: Error) => {
    throw new ArchiveError(`The archive cannot be read: ${error.message}`);
  });
  let last = from;
  try {
    for await (const line of file.readLines()) {
      const record = parseRecord(line);
      const next = last.sequence + 1;
      if (record?.sequence !== next || hashRecord(last.hash, record) !== record.hash)
        throw new ArchiveError(`Record ${next} in ${path} was altered, moved or removed.`);
      last = { sequence: record.sequence, hash: record.hash };
      onRecord(last);
    }
  } finally {
    await file.close();
  }
  return last;
}

function parseRecord(line: string): AuditRecordEntity | null {
  try {
    const record = JSON.parse(line);
    const at = new Date(record.at);
    return Number.isNaN(at.getTime()) ? null : { ...record, at };
  } catch {
    return null;
  }
}

/**
 * Recomputes the account's chain in a folder's files, from its first record to the given one at least. Throws an
 * ArchiveError if it is not complete and intact.
 */
export async function verifyArchive(
  folder: string,
  accountId: string,
  to: ChainLink,
  onRecord: (link: ChainLink) => void = () => {},
): Promise<void> {
  const names = await readdir(folder).catch((error: Error) => {
    throw new ArchiveError(`The archive cannot be read: ${error.message}`);
  });
  const firsts = new Map<number, string>();
  for (const name of names) {
    const groups = nameFormat.exec(name)?.groups;
    if (groups?.accountId === accountId) firsts.set(Number(groups.first), name);
  }
  let last = chainBegin;
  let hash: string | undefined;
  while (last.sequence < to.sequence) {
    const next = last.sequence + 1;
    const name = firsts.get(next);
    if (name === undefined) throw new ArchiveError(`The archive contains no file that begins with record ${next}.`);
    last = await verifyArchiveFile(join(folder, name), last, (link) => {
      if (link.sequence === to.sequence) hash = link.hash;
      onRecord(link);
    });
    if (last.sequence < next) throw new ArchiveError(`${join(folder, name)} is empty.`);
  }
  if (hash !== to.hash)
    throw new ArchiveError(`Record ${to.sequence} in the archive is not the one that was archived.`);
}
