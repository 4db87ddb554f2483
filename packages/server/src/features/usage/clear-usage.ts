import { setTimeout as sleep } from "node:timers/promises";
import type { DataSource } from "typeorm";

const rowsPerStep = 500;
const pauseMs = 50;
const dayMs = 86_400_000;

/** Deletes usage older than this many days, today included, in steps that hold neither the thread nor locks for long. */
export async function clearUsage(
  dataSource: DataSource,
  { now, days, isStopped }: { now: Date; days: number; isStopped: () => boolean },
): Promise<void> {
  const firstKept = new Date(now.getTime() - (days - 1) * dayMs).toISOString().slice(0, 10);
  const old = `token_usage WHERE day < ? ORDER BY day LIMIT ${rowsPerStep}`;
  const isSqlite = dataSource.options.type === "better-sqlite3";
  while (!isStopped()) {
    const [rows] = await dataSource.query(`SELECT COUNT(*) AS count FROM (SELECT 1 FROM ${old}) old`, [firstKept]);
    if (Number(rows.count) === 0) return;
    await dataSource.query(
      isSqlite
        ? `DELETE FROM token_usage WHERE (token_id, day) IN (SELECT token_id, day FROM ${old})`
        : `DELETE FROM ${old}`,
      [firstKept],
    );
    await sleep(pauseMs);
  }
}
