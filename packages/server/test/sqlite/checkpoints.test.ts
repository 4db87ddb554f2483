import { copyFileSync, existsSync, statSync } from "node:fs";
import { join } from "node:path";
// @ts-expect-error: it has no types.
import SQLite from "better-sqlite3";
import { createCheckpoints } from "../../src/db/checkpoints.js";
import { sqliteFile } from "../../src/db/data-source.js";
import { inTransaction } from "../../src/db/transaction.js";
import { createLogger } from "../../src/infra/logger.js";
import { useServer } from "../support/test-server.js";

describe("Expendable transactions and the database’s log", () => {
  const server = useServer({ platform: null });
  const file = () => sqliteFile(server().app.config);
  const logSize = () => statSync(`${file()}-wal`).size;

  const insert = (rows: number, { fails = false } = {}) =>
    inTransaction(
      server().app.dataSource,
      async ({ manager }) => {
        await manager.query(
          `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
           INSERT INTO filler SELECT i, hex(randomblob(1000)) FROM n`,
        );
        if (fails) throw new Error("changed my mind");
      },
      { isExpendable: true },
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

  beforeEach(async () => {
    await server().sql("DROP TABLE IF EXISTS filler");
    await server().sql("CREATE TABLE filler (i INTEGER, text TEXT)");
    await server().sql("PRAGMA wal_checkpoint(TRUNCATE)");
  });

  test("Only after expendable transactions of many rows does a thread move the log to the file", async () => {
    const checkpoints = createCheckpoints(file(), createLogger("fatal"));
    try {
      // More pages than a durable commit would leave in the log.
      await insert(3_000);
      await checkpoints.written(3_000);
      expect(rowsInFile()).toBe(0);
      await insert(2_000);
      await checkpoints.written(2_000);
      expect(rowsInFile()).toBe(5_000);
    } finally {
      await checkpoints.close();
    }
  });

  test("A log that was moved is written again from its start", async () => {
    const checkpoints = createCheckpoints(file(), createLogger("fatal"));
    try {
      const sizes: number[] = [];
      for (let round = 0; round < 3; round++) {
        await insert(5_000);
        await checkpoints.written(5_000);
        sizes.push(logSize());
      }
      expect(Math.max(...sizes)).toBeLessThan(1.5 * (sizes[0] ?? 0));
    } finally {
      await checkpoints.close();
    }
  });

  test("Other transactions are durable before and after, even if an expendable one was rolled back", async () => {
    const settings = async () => [
      ...(await server().sql("PRAGMA synchronous")),
      ...(await server().sql("PRAGMA wal_autocheckpoint")),
    ];
    const durable = [{ synchronous: 2 }, { wal_autocheckpoint: 1_000 }];
    expect(await settings()).toEqual(durable);
    await insert(1);
    expect(await settings()).toEqual(durable);
    await expect(insert(1, { fails: true })).rejects.toThrow("changed my mind");
    expect(await settings()).toEqual(durable);
    const during = await inTransaction(
      server().app.dataSource,
      async ({ manager }) => [
        ...(await manager.query("PRAGMA synchronous")),
        ...(await manager.query("PRAGMA wal_autocheckpoint")),
      ],
      { isExpendable: true },
    );
    expect(during).toEqual([{ synchronous: 1 }, { wal_autocheckpoint: 0 }]);
  });

  test("A checkpoint that fails is logged, and writing goes on", async () => {
    const lines: string[] = [];
    const logger = createLogger("warn", { write: (line: string) => void lines.push(line) });
    const checkpoints = createCheckpoints(join(server().app.config.dataDir, "absent", "hallpass.sqlite"), logger);
    await checkpoints.written(5_000);
    await checkpoints.written(5_000);
    await checkpoints.close();
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(Array(2).fill("the database's log was not checkpointed"));
  });

  test("The log is removed when the server closes, also after a checkpoint by the thread", async () => {
    const checkpoints = createCheckpoints(file(), createLogger("fatal"));
    await insert(5_000);
    await checkpoints.written(5_000);
    await checkpoints.close();
    const log = `${file()}-wal`;
    expect(existsSync(log)).toBe(true);
    await server().stop();
    expect([existsSync(log), existsSync(file())]).toEqual([false, true]);
  });
});
