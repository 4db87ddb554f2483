import { copyFileSync, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
// @ts-expect-error: it has no types.
import SQLite from "better-sqlite3";
import { createCheckpoints } from "../../src/db/checkpoints.js";
import { sqliteFile } from "../../src/db/data-source.js";
import { inTransaction } from "../../src/db/transaction.js";
import { createLogger } from "../../src/infra/logger.js";
import { useServer } from "../support/test-server.js";

describe("The embedded database’s log", () => {
  const server = useServer({ platform: null });
  const file = () => sqliteFile(server().app.config);
  const log = () => `${file()}-wal`;

  interface Insert {
    isExpendable?: boolean;
    fails?: boolean;
  }

  /** Each row takes a page. */
  const insert = (rows: number, { isExpendable = true, fails = false }: Insert = {}) =>
    inTransaction(
      server().app.dataSource,
      async ({ manager }) => {
        await manager.query(
          `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
           INSERT INTO filler SELECT i, hex(randomblob(1500)) FROM n`,
        );
        if (fails) throw new Error("changed my mind");
      },
      { isExpendable },
    );

  /** Rows of the database file alone, without its log. */
  const rowsInFile = () => {
    const copy = join(server().app.config.dataDir, "copy.sqlite");
    copyFileSync(file(), copy);
    const database = new SQLite(copy, { readonly: true });
    const rows = database.prepare("SELECT COUNT(*) FROM filler").pluck().get();
    database.close();
    return rows;
  };

  /** Pages in the log, and of those in the file. */
  const progress = async (): Promise<{ log: number; checkpointed: number }> =>
    (await server().sql("PRAGMA wal_checkpoint(NOOP)"))[0];

  const settings = (query: (sql: string) => Promise<object[]>) =>
    Promise.all(["synchronous", "wal_autocheckpoint"].map((name) => query(`PRAGMA ${name}`))).then((rows) =>
      Object.assign({}, ...rows.flat()),
    );

  beforeEach(async () => {
    await server().sql("DROP TABLE IF EXISTS filler");
    await server().sql("CREATE TABLE filler (i INTEGER, text TEXT)");
    await server().sql("PRAGMA wal_checkpoint(TRUNCATE)");
  });

  test("A short log stays, and a thread moves a long one to the file before the next expendable transaction", async () => {
    await insert(3_000);
    await insert(1);
    expect(rowsInFile()).toBe(0);
    await insert(2_000);
    await insert(1);
    expect(rowsInFile()).toBe(5_001);
  });

  test("A long log is moved soon after a durable transaction and a single statement, too", async () => {
    const isMoved = async () => {
      for (let tries = 0; tries < 200; tries++) {
        const { log, checkpointed } = await progress();
        if (log === checkpointed) return true;
        await sleep(50);
      }
      return false;
    };
    await insert(5_000, { isExpendable: false });
    expect(await isMoved()).toBe(true);
    await server().sql("INSERT INTO filler SELECT i, hex(randomblob(1500)) FROM filler");
    expect(await isMoved()).toBe(true);
    expect(rowsInFile()).toBe(10_000);
  });

  test("A log that was moved is written again from its start", async () => {
    const sizes: number[] = [];
    for (let round = 0; round < 4; round++) {
      await insert(5_000);
      await insert(1);
      sizes.push(statSync(log()).size);
    }
    expect(Math.max(...sizes)).toBeLessThan(1.5 * (sizes[0] ?? 0));
  });

  test("The log is written again from its start although durable transactions follow one another without a pause", async () => {
    let last = 0;
    let isFromStart = false;
    const lane = async () => {
      while (!isFromStart && last < 12_000) {
        await insert(20, { isExpendable: false });
        const { log: now } = await progress();
        isFromStart ||= now < last;
        last = now;
      }
    };
    await Promise.all([lane(), lane()]);
    expect(isFromStart).toBe(true);
  });

  test("Only expendable transactions do not wait for the disk, and later ones do, even after a rollback", async () => {
    const durable = { synchronous: 2, wal_autocheckpoint: 40_000 };
    const now = () => settings((sql) => server().sql(sql));
    expect(await now()).toEqual(durable);
    await insert(1);
    expect(await now()).toEqual(durable);
    await expect(insert(1, { fails: true })).rejects.toThrow("changed my mind");
    expect(await now()).toEqual(durable);
    const during = await inTransaction(
      server().app.dataSource,
      ({ manager }) => settings((sql) => manager.query(sql)),
      { isExpendable: true },
    );
    expect(during).toEqual({ ...durable, synchronous: 1 });
  });

  test("A checkpoint that fails is logged and not tried again by the next commit", async () => {
    const lines: string[] = [];
    const logger = createLogger("warn", { write: (line: string) => void lines.push(line) });
    const absent = join(server().app.config.dataDir, "absent", "hallpass.sqlite");
    const checkpoints = createCheckpoints(absent, logger);
    for (let round = 0; round < 2; round++) {
      for (let commits = 0; commits < 2; commits++) checkpoints.committed(4_000, 4_000);
      await checkpoints.awaited(true);
    }
    await checkpoints.close();
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      "the database's log was not checkpointed; the next attempt is in 10 s",
    ]);
  });

  test("The log is removed when the server stops, also while the thread is moving it", async () => {
    await insert(5_000);
    expect(existsSync(log())).toBe(true);
    await server().stop();
    expect([existsSync(log()), existsSync(file()), rowsInFile()]).toEqual([false, true, 5_000]);
  });
});
