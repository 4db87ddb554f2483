import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { formatTokenValue } from "@hallpass/shared";
import { createMariadbDatabase, type TestDatabase } from "../support/database.js";
import { type Mariadb, startMariadb } from "../support/mariadb.js";
import { until } from "../support/programs.js";
import { type CreatedToken, TestServer } from "../support/test-server.js";

jest.setTimeout(60_000);

const bound = 1_000;
/** What a busy machine may add, in ms. */
const slack = 250;

// In the order in which it happens: it works, it hangs, it works again.
describe("a database that hangs", () => {
  let mariadb: Mariadb;
  let database: TestDatabase;
  let server: TestServer;
  let warm: CreatedToken;
  let cold: CreatedToken;
  let hungAt: number;

  beforeAll(async () => {
    mariadb = await startMariadb();
    database = await createMariadbDatabase(mariadb.port);
    server = await TestServer.start({ database });
    warm = await server.createToken();
    cold = await server.createToken();
    await until(async () => (await check(warm.value)).status === 200);
    // Warm by the change feed, not by its own reading alone.
    await sleep(1_500);
    expect((await check(warm.value)).status).toBe(200);
    mariadb.signal("SIGSTOP");
    hungAt = performance.now();
  });
  afterAll(async () => {
    mariadb?.signal("SIGCONT");
    await server?.stop();
    await mariadb?.remove();
  });

  async function check(value: string) {
    const began = performance.now();
    const answer = await fetch(`${server.url}/authorize`, { headers: { Authorization: `Bearer ${value}` } });
    const body = await answer.text();
    return {
      status: answer.status,
      retryAfter: answer.headers.get("retry-after"),
      body,
      took: performance.now() - began,
      askedAt: began - hungAt,
    };
  }

  test("leaves warm tokens passing within the bound, and nobody after it", async () => {
    const first = await check(warm.value);
    expect(first.status).toBe(200);
    expect(first.took).toBeLessThan(slack);
    const answers = [];
    for (const end = hungAt + 2_000; performance.now() < end; await sleep(20)) answers.push(check(warm.value));
    for (const { status, askedAt } of await Promise.all(answers)) {
      if (askedAt > bound + slack) expect(status).toBe(503);
      else expect([200, 503]).toContain(status);
    }
  });

  test("makes what cannot be decided a 503 with Retry-After, soon, as a problem document", async () => {
    const answer = await check(cold.value);
    expect([answer.status, Number(answer.retryAfter)]).toEqual([503, expect.any(Number)]);
    expect(Number(answer.retryAfter)).toBeGreaterThan(0);
    expect(answer.took).toBeLessThan(3_000);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 503, code: "SERVICE_UNAVAILABLE" });
  });

  test("does not make a crowd wait: who is too many is refused at once", async () => {
    const { hostname, port } = new URL(server.url);
    const value = (index: number) => formatTokenValue(`TKN-8000-${String(index).padStart(4, "0")}`, "a".repeat(32));
    const waiting = Array.from({ length: 10 }, (_, connection) => {
      const requests = Array.from(
        { length: 250 },
        (_each, index) =>
          `GET /authorize HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${value(connection * 250 + index)}\r\n\r\n`,
      );
      const socket = connect(Number(port), hostname);
      socket.write(requests.join(""));
      return socket;
    });
    await sleep(300);
    const late = await Promise.all(Array.from({ length: 20 }, (_, index) => check(value(9_000 + index))));
    for (const socket of waiting) socket.destroy();
    expect(late.map(({ status }) => status)).toEqual(late.map(() => 503));
    expect(Math.max(...late.map(({ took }) => took))).toBeLessThan(1_000);
  });

  test("is told by /readyz, while /healthz says that the process lives and junk is still refused", async () => {
    const [ready, alive, junk] = await Promise.all([
      fetch(`${server.url}/readyz`),
      fetch(`${server.url}/healthz`),
      check("hp_junk"),
    ]);
    expect([ready.status, await ready.json()]).toEqual([503, expect.objectContaining({ database: "down" })]);
    expect([alive.status, junk.status]).toEqual([200, 401]);
  });

  test("needs nobody when it goes on: checks and changes work again, and usage was not lost", async () => {
    mariadb.signal("SIGCONT");
    const took = await until(async () => (await check(warm.value)).status === 200, { limitMs: 20_000, everyMs: 50 });
    expect(took).toBeLessThan(5_000);
    expect((await check(cold.value)).status).toBe(200);
    await (await server.signIn("admin")).mutate("disableApiToken", { id: cold.id });
    expect((await check(cold.value)).status).toBe(401);
    await until(async () => (await fetch(`${server.url}/readyz`)).status === 200);
    const [row] = await server.sql("SELECT COUNT(*) AS count FROM token_usage WHERE token_id = ?", [warm.id]);
    expect(Number(row.count)).toBeGreaterThan(0);
  });
});
