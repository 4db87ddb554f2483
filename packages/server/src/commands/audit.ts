import { access, constants, open } from "node:fs/promises";
import type { ChainLink } from "@hallpass/shared/check";
import type { AppContext } from "../context/app-context.js";
import { userInputError } from "../core/errors.js";
import { missingTriggers } from "../db/triggers.js";
import { AccountEntity } from "../features/accounts/account.entity.js";
import { archiveAuditTrail } from "../features/audit/archive/archive-audit-trail.js";
import { ArchiveError, verifyArchive } from "../features/audit/archive/archive-files.js";
import { findArchived, isInArchive } from "../features/audit/archive/archived.js";
import { formatHead, parseHead, type SavedHead } from "../features/audit/heads/saved-heads.js";
import { signAuditTrail } from "../features/audit/heads/sign-audit-trail.js";
import {
  compareSavedHeads,
  earlier,
  readAuditHead,
  type Verification,
  verifyAuditTrail,
} from "../features/audit/verify-audit-trail.js";
import { systemContext } from "./with-app.js";

/** Prints a line per account, in the format of `formatHead`. Keep them where the database's operator cannot write. */
export async function printAuditHeads(app: AppContext, { account }: { account?: string }): Promise<void> {
  for (const id of await accountIds(app, account)) {
    const head = await readAuditHead(app.dataSource.manager, id);
    if (head) console.log(formatHead(id, head));
  }
}

interface VerifyOptions {
  account?: string;
  head?: string[];
  headsFile?: string;
  /** Folder of `audit archive`. */
  archive?: string;
}

/**
 * Prints for each account whether its trail is intact and its head validly signed. Returns false if one is not, or if
 * an account with a saved head no longer exists. Archived records are verified, too, if their folder is given.
 */
export async function verifyAuditTrails(app: AppContext, options: VerifyOptions): Promise<boolean> {
  const { mismatches: saved, inArchive } = await compareAll(app, options);
  let isIntact = true;
  const say = (id: string, records: number, problem: string | null, note = "") => {
    console.log(`${id} ${problem ? `MISMATCH ${problem}` : `intact, ${records} records${note}`}`);
    if (problem) isIntact = false;
  };
  const ids = await accountIds(app, options.account);
  for (const id of ids) {
    const verification = await verifyAuditTrail(app, id);
    const { records, mismatch, archived } = verification;
    const heads = inArchive.get(id) ?? new Map();
    const isArchiveRead = options.archive !== undefined && archived.sequence > 0;
    const problem =
      earlier(mismatch, saved.get(id) ?? null)?.message ??
      signatureProblem(app, verification) ??
      (isArchiveRead ? await archiveProblem(options.archive ?? "", id, archived, heads) : null);
    say(id, records, problem, archiveNote(archived, isArchiveRead, heads.size) + signatureNote(verification));
  }
  for (const id of saved.keys()) if (!ids.includes(id)) say(id, 0, "The account is missing.");
  const missing = await missingTriggers(app.dataSource);
  console.log(missing.length > 0 ? `triggers MISSING: ${missing.join(", ")}` : "triggers present");
  return isIntact;
}

/** Null if the signature is valid, or if no key is configured to check it with. */
function signatureProblem({ keyring }: AppContext, { headSignature, head }: Verification): string | null {
  if (keyring.ids.length === 0) return null;
  return {
    VALID: null,
    UNSIGNED: `The head, record ${head.sequence}, is unsigned.`,
    INVALID: `The signature of the head, record ${head.sequence}, is invalid.`,
    UNCHECKED: `The head, record ${head.sequence}, is signed with key '${head.keyId}', which is not configured.`,
  }[headSignature];
}

/** The first problem in the files. Null if there is none. */
async function archiveProblem(
  folder: string,
  accountId: string,
  archived: ChainLink,
  saved: Map<number, Set<string>>,
): Promise<string | null> {
  let differs: number | undefined;
  try {
    await verifyArchive(folder, accountId, archived, ({ sequence, hash }) => {
      for (const each of saved.get(sequence) ?? []) if (each !== hash) differs ??= sequence;
    });
  } catch (error) {
    if (error instanceof ArchiveError) return error.message;
    throw error;
  }
  return differs === undefined ? null : `Record ${differs} in the archive does not match the saved head.`;
}

function archiveNote({ sequence }: ChainLink, isRead: boolean, savedHeads: number): string {
  if (sequence === 0) return "";
  if (isRead) return ` and ${sequence} in the archive`;
  const heads = savedHeads > 0 ? `, ${savedHeads} with a saved head` : "";
  return `; ${sequence} archived${heads}, not verified without --archive`;
}

const signatureNote = ({ headSignature }: Verification) =>
  headSignature === "VALID" ? "" : "; signature not checked, as no encryption key is configured";

interface Compared {
  /** The first mismatch between saved heads and the trail, by account. Null if all of them are part of the trail. */
  mismatches: Map<string, Verification["mismatch"]>;
  /** Hashes of saved heads that only the archive can be compared with, by account and record number. */
  inArchive: Map<string, Map<number, Set<string>>>;
}

async function compareAll(app: AppContext, options: VerifyOptions): Promise<Compared> {
  const found: Compared = { mismatches: new Map(), inArchive: new Map() };
  for await (const heads of batches(savedHeads(options)))
    for (const [accountId, ofAccount] of byAccount(heads)) {
      if (options.account && accountId !== options.account) continue;
      const mismatch = await compareSavedHeads(app, accountId, ofAccount);
      found.mismatches.set(accountId, earlier(found.mismatches.get(accountId) ?? null, mismatch));
      const hashes = found.inArchive.get(accountId) ?? new Map<number, Set<string>>();
      found.inArchive.set(accountId, hashes);
      const archived = await findArchived(app.dataSource.manager, accountId);
      addHashes(
        hashes,
        ofAccount.filter(({ sequence }) => isInArchive(sequence, archived)),
      );
    }
  return found;
}

function addHashes(hashes: Map<number, Set<string>>, heads: SavedHead[]): void {
  for (const { sequence, hash } of heads) hashes.set(sequence, (hashes.get(sequence) ?? new Set<string>()).add(hash));
}

function byAccount(heads: SavedHead[]): Map<string, SavedHead[]> {
  const groups = new Map<string, SavedHead[]>();
  for (const head of heads) {
    const group = groups.get(head.accountId);
    if (group) group.push(head);
    else groups.set(head.accountId, [head]);
  }
  return groups;
}

async function* savedHeads({ head = [], headsFile }: VerifyOptions): AsyncGenerator<SavedHead> {
  for (const line of head.flatMap((text) => text.trim().split("\n"))) {
    if (!line.trim()) continue;
    const parsed = parseHead(line);
    if (!parsed)
      throw userInputError(
        "INVALID",
        "A saved head is an account ID, a record number and a hash, as printed by 'audit head'.",
      );
    yield parsed;
  }
  if (headsFile === undefined) return;
  const file = await open(headsFile).catch((error: Error) => {
    throw userInputError("INVALID", `The heads file cannot be read: ${error.message}`);
  });
  let number = 0;
  for await (const line of file.readLines()) {
    number++;
    if (!line.trim()) continue;
    const parsed = parseHead(line);
    if (parsed) yield parsed;
    // The end of a truncated write, e.g. on a full disk.
    else console.error(`Warning: line ${number} of ${headsFile} is not a head and was not compared.`);
  }
}

/** A file can contain more heads than fit into memory. */
const headsPerBatch = 10_000;

async function* batches(heads: AsyncIterable<SavedHead>): AsyncGenerator<SavedHead[]> {
  let batch: SavedHead[] = [];
  for await (const head of heads) {
    batch.push(head);
    if (batch.length < headsPerBatch) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Verifies each account's trail and signs its head if it is not validly signed. Returns false if a trail is not intact.
 */
export async function signAuditTrails(app: AppContext, { account }: { account?: string }): Promise<boolean> {
  let isIntact = true;
  for (const id of await accountIds(app, account)) {
    const { records, mismatch, signed } = await signAuditTrail(await systemContext(app, id));
    if (mismatch) console.log(`${id} MISMATCH ${mismatch.message} Not signed.`);
    else console.log(signed ? `${id} signed, ${records} records` : `${id} is already signed`);
    if (mismatch) isIntact = false;
  }
  return isIntact;
}

async function accountIds(app: AppContext, id: string | undefined): Promise<string[]> {
  const found = await app.dataSource.manager.find(AccountEntity, {
    ...(id && { where: { id } }),
    order: { id: "ASC" },
  });
  if (id && found.length === 0) throw userInputError("NOT_FOUND", `Account ${id} not found.`);
  return found.map((account) => account.id);
}

/**
 * Moves each account's audit records from before a time to a file in the folder, and prints what was moved. Returns
 * false if a trail or a file is not intact; its records stay.
 */
export async function archiveAuditTrails(
  app: AppContext,
  { account, before, to: folder }: { account?: string; before: Date; to: string },
): Promise<boolean> {
  await access(folder, constants.W_OK).catch((error: Error) => {
    throw userInputError("INVALID", `The folder cannot be written: ${error.message}`);
  });
  let isIntact = true;
  for (const id of await accountIds(app, account))
    try {
      const moved = await archiveAuditTrail(await systemContext(app, id), { folder, before });
      for (const { from, to, file } of moved)
        console.log(`${id} records ${from.sequence + 1} to ${to.sequence} moved to ${file}`);
      if (moved.length === 0) console.log(`${id} nothing to archive`);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      console.log(`${id} MISMATCH ${error.message} Not archived.`);
      isIntact = false;
    }
  return isIntact;
}
