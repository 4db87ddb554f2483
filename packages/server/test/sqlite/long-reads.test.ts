import { setTimeout as sleep } from "node:timers/promises";
import { LongReadError, longRead } from "../../src/db/long-reads.js";
import { useServer } from "../support/test-server.js";

/** Rows whose count takes minutes, so that a read on the main thread fails the tests instead of blocking them for good. */
const minutes = 1_000_000_000;

describe("Long reads of the embedded database", () => {
  const server = useServer();
  const counting = (rows: number) =>
    `/* ${longRead} */ WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT COUNT(*) AS count FROM n`;

  test("Checks are answered while a long read runs, and the read fails at its time limit", async () => {
    const { value } = await server().createToken();
    let isOver = false;
    const read = server()
      .sql(counting(minutes))
      .finally(() => {
        isOver = true;
      });
    const failed = expect(read).rejects.toThrow(LongReadError);
    for (let check = 0; check < 10; check++)
      expect((await server().program(value).fetch("/authorize")).status).toBe(200);
    expect(isOver).toBe(false);
    await failed;
    expect((await server().sql(counting(3)))[0].count).toBe(3);
  });

  test("A statement that SQLite rejects fails with its message", async () => {
    await expect(server().sql(`/* ${longRead} */ SELECT missing FROM api_token`)).rejects.toThrow("no such column");
  });

  test("Reads in flight and queued reads fail when the server stops", async () => {
    // Two run, and the third is queued.
    const reads = [1, 2, 3].map(() => server().app.dataSource.query(counting(minutes)));
    const failed = Promise.all(
      reads.map((read) => expect(read).rejects.toThrow("The database connection is not open.")),
    );
    await sleep(100);
    await server().stop();
    await failed;
  });
});
