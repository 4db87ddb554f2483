import { setImmediate as nextTurn } from "node:timers/promises";
import type { Usage } from "@hallpass/shared/check";
import type { DataSource, EntityManager } from "typeorm";
import { chunksOf } from "../../core/collections.js";
import { inTransaction } from "../../db/transaction.js";

const rowsPerTransaction = 500;
/** As many as SQLite writes in about a millisecond. Checks are answered between two statements. */
const rowsPerStatement = 50;

/**
 * Adds the counts and moves last accesses forward, never back. Skips tokens that a restore removed. Returns usage that
 * could not be written. `usages` must list each token once.
 */
export async function writeUsage(
  dataSource: DataSource,
  usages: Iterable<Usage>,
  onError: (error: unknown) => void,
): Promise<Usage[]> {
  const unwritten: Usage[] = [];
  for (const part of chunksOf(inOrder(await grouped(usages)), rowsPerTransaction)) {
    try {
      // A power failure also clears usage of the last seconds, which is in memory.
      await inTransaction(dataSource, ({ manager }) => writePart(manager, part), { isExpendable: true });
    } catch (error) {
      onError(error);
      unwritten.push(...part);
    }
  }
  return unwritten;
}

async function writePart(manager: EntityManager, part: Usage[]): Promise<void> {
  for (const rows of chunksOf(part, rowsPerStatement)) {
    // First, because it locks the rows that the next statement reads.
    await moveLastAccess(manager, rows);
    await addCounts(manager, rows);
    await nextTurn();
  }
  for (const rows of chunksOf(await withTwoValues(manager, part), rowsPerStatement)) {
    await nextTurn();
    await moveLastUse(manager, rows);
  }
}

const usagesPerTurn = 5_000;

/** Groups by the first digits of the ID: a thousand groups. Sorting a million IDs at once would take over a second. */
async function grouped(usages: Iterable<Usage>): Promise<Map<string, Usage[]>> {
  const groups = new Map<string, Usage[]>();
  for (const part of chunksOf(usages, usagesPerTurn)) {
    for (const usage of part) {
      const prefix = usage.tokenId.slice(0, "TKN-000".length);
      const group = groups.get(prefix);
      if (group) group.push(usage);
      else groups.set(prefix, [usage]);
    }
    await nextTurn();
  }
  return groups;
}

/** In key order: neighbours share a page of the table, and two processes never deadlock. */
function* inOrder(groups: Map<string, Usage[]>): Generator<Usage> {
  for (const prefix of [...groups.keys()].sort())
    yield* (groups.get(prefix) ?? []).sort((a, b) => (a.tokenId < b.tokenId ? -1 : 1));
}

async function moveLastAccess(manager: EntityManager, usages: Usage[]): Promise<void> {
  const rows = usages.flatMap(({ tokenId, lastAccessAt, lastOrigin: { ip, userAgent } }) =>
    lastAccessAt === null ? [] : [[tokenId, databaseTime(manager, lastAccessAt), ip, userAgent?.slice(0, 255) ?? null]],
  );
  await update(manager, {
    table: "api_token_access",
    set: { last_access_at: "used.at", ip: "used.ip", user_agent: "used.user_agent" },
    from: derivedTable(manager, "used", ["token_id", "at", "ip", "user_agent"], rows),
    where: `used.token_id = api_token_access.token_id
      AND (api_token_access.last_access_at IS NULL OR api_token_access.last_access_at < used.at)`,
    parameters: rows.flat(),
  });
}

async function addCounts(manager: EntityManager, usages: Usage[]): Promise<void> {
  const rows = usages.map(({ tokenId, day, allowed, denied }) => [tokenId, day, allowed, denied]);
  const onConflict = isSqlite(manager)
    ? "ON CONFLICT (token_id, day) DO UPDATE SET allowed = allowed + excluded.allowed, denied = denied + excluded.denied"
    : `ON DUPLICATE KEY UPDATE allowed = token_usage.allowed + VALUES(allowed), denied = token_usage.denied + VALUES(denied)`;
  await manager.query(
    `INSERT INTO token_usage (token_id, day, allowed, denied)
     SELECT used.token_id, used.day, used.allowed, used.denied
     FROM ${derivedTable(manager, "used", ["token_id", "day", "allowed", "denied"], rows)}
     JOIN api_token_access ON api_token_access.token_id = used.token_id
     WHERE 1 = 1 ${onConflict}`,
    rows.flat(),
  );
}

/** Of these. A single value's last use is the token's last access. */
async function withTwoValues(manager: EntityManager, usages: Usage[]): Promise<Usage[]> {
  const used = usages.filter(({ lastUse }) => lastUse.length > 0);
  if (used.length === 0) return [];
  const rows: { token_id: string }[] = await manager.query(
    `SELECT token_id FROM api_token_secret WHERE slot = 'PREVIOUS' AND token_id IN (${used.map(() => "?").join(", ")})`,
    used.map(({ tokenId }) => tokenId),
  );
  const found = new Set(rows.map(({ token_id }) => token_id));
  return used.filter(({ tokenId }) => found.has(tokenId));
}

async function moveLastUse(manager: EntityManager, usages: Usage[]): Promise<void> {
  const rows = usages.flatMap(({ tokenId, lastUse }) =>
    lastUse.map(({ digest, at }) => [tokenId, digest, databaseTime(manager, at)]),
  );
  await update(manager, {
    table: "api_token_secret",
    set: { last_used_at: "used.at" },
    from: derivedTable(manager, "used", ["token_id", "digest", "at"], rows),
    where: `api_token_secret.token_id = used.token_id AND api_token_secret.digest = used.digest
      AND (api_token_secret.last_used_at IS NULL OR api_token_secret.last_used_at < used.at)`,
    parameters: rows.flat(),
  });
}

interface Update {
  table: string;
  /** Expressions by column. */
  set: Record<string, string>;
  from: string;
  where: string;
  /** Parameters of `from`. The other parts take none. */
  parameters: unknown[];
}

/** One UPDATE of many rows from a derived table, in the database's dialect. */
async function update(manager: EntityManager, { table, set, from, where, parameters }: Update): Promise<void> {
  if (parameters.length === 0) return;
  const assignments = (prefix: string) =>
    Object.entries(set)
      .map(([column, value]) => `${prefix}${column} = ${value}`)
      .join(", ");
  await manager.query(
    isSqlite(manager)
      ? `UPDATE ${table} SET ${assignments("")} FROM ${from} WHERE ${where}`
      : `UPDATE ${table} JOIN ${from} SET ${assignments(`${table}.`)} WHERE ${where}`,
    parameters,
  );
}

/** The rows as a table in FROM, all as parameters. */
function derivedTable(manager: EntityManager, name: string, columns: string[], rows: unknown[][]): string {
  const row = columns.map(() => "?").join(", ");
  if (isSqlite(manager)) {
    const named = columns.map((column, index) => `column${index + 1} AS ${column}`).join(", ");
    return `(SELECT ${named} FROM (VALUES ${rows.map(() => `(${row})`).join(", ")})) ${name}`;
  }
  const first = columns.map((column) => `? AS ${column}`).join(", ");
  return `(${rows.map((_, index) => `SELECT ${index === 0 ? first : row}`).join(" UNION ALL ")}) ${name}`;
}

const isSqlite = ({ dataSource }: EntityManager) => dataSource.options.type === "better-sqlite3";

/** As TypeORM stores a time: as text in SQLite, which has no type for it. */
function databaseTime(manager: EntityManager, at: number): Date | string {
  const date = new Date(at);
  return isSqlite(manager) ? date.toISOString().replace("T", " ").replace("Z", "") : date;
}
