import { setTimeout as sleep } from "node:timers/promises";
import { formatTokenValue } from "@hallpass/shared";
import { createMariadbDatabase, type TestDatabase } from "../../support/database.js";
import { type Mariadb, startMariadb } from "../../support/mariadb.js";
import { until } from "../../support/programs.js";
import { type CreatedToken, TestServer } from "../../support/test-server.js";

/** How long a cached token may be trusted after the database last confirmed it, in ms. */
const bound = 1_000;

// The tests run in order: the database works, hangs and works again.
describe("Unresponsive database", () => {
  let mariadb: Mariadb;
  let database: TestDatabase;
  let server: TestServer;
  let warm: CreatedToken;
  let cold: CreatedToken;

  beforeAll(async () => {
    mariadb = await startMariadb();
    database = await createMariadbDatabase(mariadb.port);
    server = await TestServer.start({ database });
    warm = await server.createToken();
    cold = await server.createToken();
  });
  afterAll(async () => {
    mariadb?.signal("SIGCONT");
    await server?.stop();
    await mariadb?.remove();
  });

  /** Time since the change feed's last poll, in ms. */
  const age = () => server.app.tokens.statistics().confirmedAgo;

  async function check(value: string) {
    const ageWhenAsked = age();
    const answer = await fetch(`${server.url}/authorize`, { headers: { Authorization: `Bearer ${value}` } });
    const body = await answer.text();
    return {
      status: answer.status,
      retryAfter: answer.headers.get("retry-after"),
      body,
      ageWhenAsked,
      ageWhenAnswered: age(),
    };
  }

  test("A cached token is allowed within the bound, and returns 503 after it", async () => {
    // Repeats if the machine was too busy to answer any check within the bound.
    await until(async () => {
      expect((await check(warm.value)).status).toBe(200);
      // Waits until the change feed confirms the token instead of its own read.
      await sleep(bound + 100);
      await until(() => age() < bound / 2);
      mariadb.signal("SIGSTOP");
      const asked = [];
      for (const end = performance.now() + 2 * bound; performance.now() < end; await sleep(20))
        asked.push(check(warm.value));
      const answers = await Promise.all([...asked, check(warm.value)]);
      const within = answers.filter(({ ageWhenAnswered }) => ageWhenAnswered <= bound);
      const after = answers.filter((each) => bound < each.ageWhenAsked && each.ageWhenAsked < each.ageWhenAnswered);
      expect(within.map(({ status }) => status)).toEqual(within.map(() => 200));
      expect(after.map(({ status }) => status)).toEqual(after.map(() => 503));
      if (within.length === 0) mariadb.signal("SIGCONT");
      return within.length > 0;
    });
  });

  test("A check that cannot decide returns a problem document with 503 and Retry-After", async () => {
    const answer = await check(cold.value);
    expect([answer.status, Number(answer.retryAfter)]).toEqual([503, expect.any(Number)]);
    expect(Number(answer.retryAfter)).toBeGreaterThan(0);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 503, code: "SERVICE_UNAVAILABLE" });
  });

  test("Excess checks fail immediately instead of queueing", async () => {
    const id = (index: number) => `TKN-8000-${String(index).padStart(4, "0")}`;
    // Repeats if the machine was so busy that some waiting reads ended meanwhile.
    await until(async () => {
      let waiting = 0;
      for (let index = 0; index < 2_500; index++) {
        waiting++;
        Promise.resolve(server.app.tokens.get(id(index)))
          .catch(() => {})
          .finally(() => waiting--);
      }
      const asked = Array.from({ length: 20 }, (_, index) =>
        check(formatTokenValue(id(9_000 + index), "a".repeat(32))),
      );
      await new Promise(setImmediate);
      const before = waiting;
      const late = await Promise.all(asked);
      expect(late.map(({ status }) => status)).toEqual(late.map(() => 503));
      return before > 0 && waiting === before;
    });
  });

  test("Readiness fails while the database is unresponsive, but the process stays healthy and denies malformed values", async () => {
    const [ready, alive, junk] = await Promise.all([
      fetch(`${server.url}/readyz`),
      fetch(`${server.url}/healthz`),
      check("hp_junk"),
    ]);
    expect([ready.status, await ready.json()]).toEqual([503, expect.objectContaining({ database: "down" })]);
    expect([alive.status, junk.status]).toEqual([200, 401]);
  });

  test("Checks and changes recover without intervention once the database resumes, and usage is stored", async () => {
    mariadb.signal("SIGCONT");
    for (const { value } of [warm, cold]) await until(async () => (await check(value)).status === 200);
    await (await server.signIn("admin")).mutate("disableApiToken", { id: cold.id });
    expect((await check(cold.value)).status).toBe(401);
    await until(async () => (await fetch(`${server.url}/readyz`)).status === 200);
    const [row] = await server.sql("SELECT COUNT(*) AS count FROM token_usage WHERE token_id = ?", [warm.id]);
    expect(Number(row.count)).toBeGreaterThan(0);
  });
});
