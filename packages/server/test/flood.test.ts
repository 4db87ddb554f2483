import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { revocationBoundMs } from "@hallpass/shared/check";
import mysql from "mysql2/promise";
import { sessionLookups } from "../src/features/sessions/find-session.js";
import { Client, type GraphqlAnswer, queries } from "./support/client.js";
import { currentEngine } from "./support/database.js";
import { modules } from "./support/platform.js";
import { until } from "./support/programs.js";
import { TestServer, useServer } from "./support/test-server.js";

/** Enough to take every connection. The embedded database has one. */
const allConnections = currentEngine === "mariadb" ? 10 : 1;

/** Takes every connection, as a flood of slow requests would, and returns a function that releases them. */
async function takeConnections({ app }: TestServer): Promise<() => Promise<void>> {
  const runners = Array.from({ length: allConnections }, () => app.dataSource.createQueryRunner());
  for (const runner of runners) await runner.startTransaction();
  return async () => {
    for (const runner of runners.splice(0)) {
      await runner.rollbackTransaction();
      await runner.release();
    }
  };
}

/** Blocks session look-ups and returns a function that unblocks them. */
async function holdSessions(server: TestServer): Promise<() => Promise<void>> {
  if (currentEngine === "sqlite") return takeConnections(server);
  const connection = await mysql.createConnection({ uri: server.database.env.DATABASE_URL ?? "" });
  await connection.query("LOCK TABLES session WRITE");
  let held = true;
  return async () => {
    if (held) await connection.end();
    held = false;
  };
}

const metric = async (server: TestServer, name: string) => {
  const text = await (await server.nobody().fetch("/metrics")).text();
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
};
const statusOf = async (server: TestServer, value: string) => (await server.program(value).fetch("/authorize")).status;

/** Expects, for twice the bound, that the token is allowed and the change feed stays within the bound. */
async function expectBound(server: TestServer, value: string): Promise<void> {
  for (const end = Date.now() + 2 * revocationBoundMs; Date.now() < end; await sleep(50)) {
    expect(await statusOf(server, value)).toBe(200);
    expect((await metric(server, "hallpass_change_feed_age_seconds")) * 1_000).toBeLessThan(revocationBoundMs);
  }
}

describe("Exhausted connections", () => {
  const server = useServer();

  test("An uncached token is allowed while requests hold every connection", async () => {
    const { value } = await server().createToken();
    const giveBack = await takeConnections(server());
    try {
      expect(await statusOf(server(), value)).toBe(200);
    } finally {
      await giveBack();
    }
  });

  test("The change feed stays within its bound and no cached token is reread while requests hold every connection", async () => {
    const { value } = await server().createToken();
    expect(await statusOf(server(), value)).toBe(200);
    // By then the feed has seen the token's creation and evicted it again.
    await sleep(revocationBoundMs);
    expect(await statusOf(server(), value)).toBe(200);
    const giveBack = await takeConnections(server());
    try {
      const statements = await server().statementsOf(() => expectBound(server(), value), undefined, { withFeed: true });
      expect(statements.filter((sql) => sql.includes("FROM api_token token"))).toEqual([]);
      expect(statements.filter((sql) => sql.includes("audit_head")).length).toBeGreaterThan(2);
    } finally {
      await giveBack();
    }
  });
});

describe("Session cookies", () => {
  const server = useServer();
  const asks = (cookie: string, address?: string) => {
    const client = new Client(server().url, { Cookie: `hallpass=${cookie}` }, address);
    return client.ask(queries.viewer);
  };
  const isOfSessions = (sql: string) => /\bsession\b/.test(sql);

  test.each([
    ["empty", ""],
    ["one character too short", "a".repeat(42)],
    ["one character too long", "a".repeat(44)],
    ["not base64url", "+".repeat(43)],
    ["garbage", "garbage"],
    ["4,000 characters long", "a".repeat(4_000)],
  ])("A cookie that is %s costs no query", async (_how, cookie) => {
    const statements = await server().statementsOf(async () => {
      const { status, data } = await asks(cookie);
      expect([status, data]).toEqual([200, { viewer: null }]);
    });
    expect(statements.filter(isOfSessions)).toEqual([]);
  });

  test("A flood of random cookies from one IP address takes few connections and only its share of the places", async () => {
    const { concurrency, perCaller } = sessionLookups;
    const person = await server().signIn("admin");
    const { value } = await server().createToken({ moduleIds: [modules.accessManagement] });
    const random = () => asks(randomBytes(32).toString("base64url"), "198.51.100.1");
    const excess = 20;
    const seen: string[] = [];
    const release = await holdSessions(server());
    await server()
      .statementsOf(
        async () => {
          const flood = Array.from({ length: perCaller + excess }, random);
          const answered: GraphqlAnswer[] = [];
          for (const each of flood) void each.then((answer) => answered.push(answer));
          await until(() => answered.length === excess);
          for (const { status, headers, errors } of answered) {
            expect([status, errors[0]?.extensions.code]).toEqual([429, "RATE_LIMITED"]);
            expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
          }
          const asked = person.ask(queries.viewer);
          await expectBound(server(), value);
          if (currentEngine === "mariadb") {
            expect((await server().program(value).data("{ modules { id } }")).modules).not.toEqual([]);
            expect(seen.filter(isOfSessions)).toHaveLength(concurrency);
          }
          expect(answered).toHaveLength(excess);
          await release();
          expect((await asked).data.viewer.role).toBe("ADMIN");
          for (const { status, data } of (await Promise.all(flood)).filter(
            (answer) => !answered.slice(0, excess).includes(answer),
          ))
            expect([status, data]).toEqual([200, { viewer: null }]);
        },
        (sql) => seen.push(sql),
      )
      .finally(release);
  });
});
