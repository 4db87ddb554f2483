import { randomUUID } from "node:crypto";
import { link, open, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ChainLink } from "@hallpass/shared/check";
import type { AuditRecordEntity } from "../audit-record.entity.js";
import { chainBegin, hashRecord } from "../hash-chain.js";

/** Name of the file with these records of an account, e.g. `ACC-1234-5678.1-5000.jsonl`. */
export const archiveFileName = (accountId: string, first: number, last: number): string =>
  `${accountId}.${first}-${last}.jsonl`;

const nameFormat = /^(?<accountId>ACC(?:-\d{4})+)\.(?<first>\d+)-\d+\.jsonl$/;

/**
 * Writes records as JSON lines, like an export. When this returns, the file is on disk and complete, whoever wrote it: a
 * file that another command has written meanwhile stays as it is.
 */
export async function writeArchiveFile(path: string, records: AsyncIterable<AuditRecordEntity[]>): Promise<void> {
  const partial = `${path}.${randomUUID()}.part`;
  const file = await open(partial, "wx", 0o600);
  try {
    for await (const page of records)
      await file.appendFile(page.map((record) => `${JSON.stringify(record)}\n`).join(""));
    await file.sync();
    await link(partial, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await file.close();
    await rm(partial, { force: true });
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
    for await (const line of linesOf(file.createReadStream({ encoding: "utf8" }))) {
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

/** Only newlines end a line. Node.js's readline also ends one at U+2028, which texts may contain. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest) yield rest;
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
 * Recomputes the account's chain in a folder's files, from its first record to the given one at least. A run that was
 * interrupted may have left a file that overlaps with others, so every way through them is tried. Throws an ArchiveError
 * if none is complete and intact.
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
  const filesFrom = (first: number) => names.filter((name) => isFileFrom(name, accountId, first)).sort();

  async function reach(from: ChainLink): Promise<void> {
    const first = from.sequence + 1;
    let problem = new ArchiveError(`The archive contains no file that begins with record ${first}.`);
    for (const name of filesFrom(first))
      try {
        const end = await verifyArchiveFile(join(folder, name), from, (record) => {
          if (record.sequence === to.sequence && record.hash !== to.hash)
            throw new ArchiveError(`Record ${to.sequence} in the archive does not match the hash in the database.`);
          onRecord(record);
        });
        if (end.sequence < first) throw new ArchiveError(`${join(folder, name)} is empty.`);
        return end.sequence < to.sequence ? await reach(end) : undefined;
      } catch (error) {
        if (!(error instanceof ArchiveError)) throw error;
        problem = error;
      }
    throw problem;
  }

  await reach(chainBegin);
}

function isFileFrom(name: string, accountId: string, first: number): boolean {
  const groups = nameFormat.exec(name)?.groups;
  return groups?.accountId === accountId && Number(groups.first) === first;
}
