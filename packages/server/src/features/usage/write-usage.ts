import { type DataSource, type EntityManager, In } from "typeorm";
import type { UsageOrigin } from "../../context/services.js";
import { inTransaction } from "../../db/transaction.js";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";
import { ApiTokenSecretEntity } from "../api-tokens/api-token-secret.entity.js";

/** What happened to one token on one day since it was last written. */
export interface Usage {
  tokenId: string;
  day: string;
  allowed: number;
  denied: number;
  /** In ms since 1970; null: nothing was allowed. */
  lastAccessAt: number | null;
  lastOrigin: UsageOrigin;
  /** When each of the token's values was last allowed, by its digest: a rotation moves values between slots. */
  lastUse: Record<string, number>;
}

const rowsPerStatement = 200;

/**
 * Adds what was counted and moves last accesses forward, never back, in columns that nothing else writes: a change of
 * an administrator is never undone. Gives what could not be written.
 */
export async function writeUsage(
  dataSource: DataSource,
  batch: Usage[],
  onError: (error: unknown) => void,
): Promise<Usage[]> {
  const unwritten: Usage[] = [];
  // In the order of the key, so that two processes never wait for each other in a circle.
  // Of two entries of a token, the later one stands first and counts for the last access.
  const sorted = batch.toSorted((a, b) =>
    a.tokenId === b.tokenId ? (b.lastAccessAt ?? 0) - (a.lastAccessAt ?? 0) : a.tokenId < b.tokenId ? -1 : 1,
  );
  for (let start = 0; start < sorted.length; start += rowsPerStatement) {
    const part = sorted.slice(start, start + rowsPerStatement);
    try {
      await inTransaction(dataSource, async ({ manager }) => {
        const stored = await ofStoredTokens(manager, part);
        if (stored.length === 0) return;
        await addCounts(manager, stored);
        await moveLastAccess(manager, stored);
        await moveLastUse(manager, stored);
      });
    } catch (error) {
      onError(error);
      unwritten.push(...part);
    }
  }
  return unwritten;
}

/** A restore removes tokens that were in use until then; the usage of one would keep that of the others from being stored. */
async function ofStoredTokens(manager: EntityManager, part: Usage[]): Promise<Usage[]> {
  const tokenIds = part.map(({ tokenId }) => tokenId);
  const tokens = await manager.find(ApiTokenEntity, { select: { id: true }, where: { id: In(tokenIds) } });
  const ids = new Set(tokens.map(({ id }) => id));
  return part.filter(({ tokenId }) => ids.has(tokenId));
}

async function addCounts(manager: EntityManager, part: Usage[]): Promise<void> {
  const isSqlite = manager.dataSource.options.type === "better-sqlite3";
  const onConflict = isSqlite
    ? "ON CONFLICT (token_id, day) DO UPDATE SET allowed = allowed + excluded.allowed, denied = denied + excluded.denied"
    : "ON DUPLICATE KEY UPDATE allowed = allowed + VALUES(allowed), denied = denied + VALUES(denied)";
  await manager.query(
    `INSERT INTO token_usage (token_id, day, allowed, denied) VALUES ${part.map(() => "(?, ?, ?, ?)").join(", ")} ${onConflict}`,
    part.flatMap(({ tokenId, day, allowed, denied }) => [tokenId, day, allowed, denied]),
  );
}

async function moveLastAccess(manager: EntityManager, part: Usage[]): Promise<void> {
  const used = part.filter(({ lastAccessAt }) => lastAccessAt !== null);
  if (used.length === 0) return;
  const choose = (column: string) => `${column} = CASE id ${used.map(() => "WHEN ? THEN ?").join(" ")} END`;
  const time = ({ lastAccessAt }: Usage) => databaseTime(manager, lastAccessAt ?? 0);
  await manager.query(
    `UPDATE api_token SET ${choose("last_access_at")}, ${choose("last_access_ip")}, ${choose("last_access_agent")}
     WHERE ${used.map(() => "(id = ? AND (last_access_at IS NULL OR last_access_at < ?))").join(" OR ")}`,
    [
      ...used.flatMap((usage) => [usage.tokenId, time(usage)]),
      ...used.flatMap(({ tokenId, lastOrigin }) => [tokenId, lastOrigin.ip]),
      ...used.flatMap(({ tokenId, lastOrigin }) => [tokenId, lastOrigin.userAgent?.slice(0, 255) ?? null]),
      ...used.flatMap((usage) => [usage.tokenId, time(usage)]),
    ],
  );
}

/** Of tokens that have two values. With one, its last use is the token's last access. */
async function moveLastUse(manager: EntityManager, part: Usage[]): Promise<void> {
  const previous = await manager.find(ApiTokenSecretEntity, {
    select: { tokenId: true, slot: true },
    where: { slot: "PREVIOUS", tokenId: In(part.map(({ tokenId }) => tokenId)) },
  });
  const rotated = new Set(previous.map(({ tokenId }) => tokenId));
  const uses = part
    .filter(({ tokenId }) => rotated.has(tokenId))
    .flatMap(({ tokenId, lastUse }) => Object.entries(lastUse).map(([digest, at]) => ({ tokenId, digest, at })));
  if (uses.length === 0) return;
  const time = (at: number) => databaseTime(manager, at);
  await manager.query(
    `UPDATE api_token_secret SET last_used_at = CASE ${uses.map(() => "WHEN token_id = ? AND digest = ? THEN ?").join(" ")} END
     WHERE ${uses.map(() => "(token_id = ? AND digest = ? AND (last_used_at IS NULL OR last_used_at < ?))").join(" OR ")}`,
    [...uses, ...uses].flatMap(({ tokenId, digest, at }) => [tokenId, digest, time(at)]),
  );
}

/** As TypeORM stores a time: SQLite has none of its own, so it is text there. */
function databaseTime(manager: EntityManager, at: number): Date | string {
  const date = new Date(at);
  if (manager.dataSource.options.type !== "better-sqlite3") return date;
  return date.toISOString().replace("T", " ").replace("Z", "");
}
