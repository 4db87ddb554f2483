import { setTimeout as sleep } from "node:timers/promises";
import { isLongRead, LongReadError, longRead } from "../../src/db/long-reads.js";
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

  // Through the index of a condition, reading ten rows of half a million took 300 ms.
  test.each([
    ["apiTokens", { createdAt: { from: "2020-01-01T00:00:00Z" } }, "LAST_ACCESS_AT"],
    ["apiTokens", { createdAt: { to: "2099-01-01T00:00:00Z" }, neverUsed: true }, "NAME"],
    ["apiTokens", { noExpiry: true }, "EXPIRES_AT"],
    ["apiTokens", { status: ["ACTIVE"] }, "STATUS"],
    ["auditTrail", { at: { from: "2020-01-01T00:00:00Z" } }, null],
    ["auditTrail", { events: ["api_token.created"] }, null],
  ])("The thread that answers checks reads rows of %s by nothing but their IDs: %j", async (list, filter, order) => {
    await server().createToken();
    const caller = await server().as("admin");
    const args = order ? `, orderBy: [{ field: ${order}, direction: ASC }]` : "";
    const type = order ? "ApiTokenFilter" : "AuditRecordFilter";
    const query = `query ($filter: ${type}) { ${list}(filter: $filter${args}) { nodes { __typename } } }`;
    const statements = await server().statementsOf(() => caller.data(query, { filter }));
    const own = statements.filter((sql) => !isLongRead(sql) && /FROM "(api_token|audit_record)"/.test(sql));
    for (const sql of own) {
      const parameters = Array.from(sql.matchAll(/\?/g), () => null);
      const plan: { detail: string }[] = await server().sql(`EXPLAIN QUERY PLAN ${sql}`, parameters);
      const [first] = plan.filter(({ detail }) => /^(SEARCH|SCAN) (token|record) /.test(detail));
      expect(first?.detail).toMatch(/USING INDEX sqlite_autoindex_(api_token|audit_record)_1 /);
    }
    expect(own.length).toBe(1);
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
