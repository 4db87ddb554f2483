import { formatTokenValue } from "@hallpass/shared";
import { modules } from "./support/platform.js";
import { type CreatedToken, TestServer } from "./support/test-server.js";

const dayMs = 86_400_000;
const secondMs = 1_000;
/** Noon yesterday, so that tests can move the clock without a session expiring. */
const noon = new Date(Math.floor(Date.now() / dayMs) * dayMs - dayMs / 2);
const after = (ms: number) => new Date(noon.getTime() + ms);
const dayOf = (at: Date) => at.toISOString().slice(0, 10);

const usageOf = `query ($id: ID!, $days: Int!) { apiToken(id: $id) {
  name lastAccessAt lastAccessIp lastAccessUserAgent currentValueLastAccessAt previousValueLastAccessAt
  usage(days: $days) { day allowed denied } } }`;

describe("Token usage", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.close());

  const check = async (value: string, at: Date, path = "/authorize", headers: Record<string, string> = {}) => {
    server.clock.stopAt(at);
    try {
      return (await server.program(value).fetch(path, { headers })).status;
    } finally {
      server.clock.stopAt(null);
    }
  };
  /** Restarts the server, which stores its counts. */
  async function restart(): Promise<void> {
    const { database } = server;
    await server.stop();
    server = await TestServer.start({ database, platform: null });
  }
  async function read({ id }: CreatedToken, now = noon, days = 1) {
    const admin = await server.as("admin");
    server.clock.stopAt(now);
    try {
      return (await admin.data(usageOf, { id, days })).apiToken;
    } finally {
      server.clock.stopAt(null);
    }
  }

  test("Usage counts allowed and denied checks per day", async () => {
    const token = await server.createToken();
    const yesterday = after(-dayMs);
    expect(await check(token.value, yesterday)).toBe(200);
    for (let index = 0; index < 5; index++) expect(await check(token.value, noon)).toBe(200);
    expect(await check(token.value, noon, `/authorize?module=${modules.orders}`)).toBe(403);
    expect(await check(formatTokenValue(token.id, "a".repeat(32)), noon)).toBe(401);
    await (await server.as("admin")).mutate("disableApiToken", { id: token.id });
    expect(await check(token.value, noon)).toBe(401);
    await restart();
    expect((await read(token, noon, 3)).usage).toEqual([
      { day: dayOf(after(-2 * dayMs)), allowed: 0, denied: 0 },
      { day: dayOf(yesterday), allowed: 1, denied: 0 },
      { day: dayOf(noon), allowed: 5, denied: 3 },
    ]);
  });

  test("Usage is added to the stored counts", async () => {
    const token = await server.createToken();
    for (let round = 0; round < 3; round++) {
      expect(await check(token.value, noon)).toBe(200);
      await restart();
    }
    expect((await read(token)).usage).toEqual([{ day: dayOf(noon), allowed: 3, denied: 0 }]);
  });

  test("A check a millisecond before midnight counts for the old day, and one at midnight for the new", async () => {
    const token = await server.createToken();
    const midnight = new Date(Math.ceil(noon.getTime() / dayMs) * dayMs);
    await check(token.value, new Date(midnight.getTime() - 1));
    await check(token.value, midnight);
    await check(token.value, midnight);
    await restart();
    expect((await read(token, midnight, 2)).usage).toEqual([
      { day: dayOf(noon), allowed: 1, denied: 0 },
      { day: dayOf(midnight), allowed: 2, denied: 0 },
    ]);
    expect((await read(token, midnight)).lastAccessAt).toBe(midnight.toISOString());
  });

  test("Last access has the time, IP address and user agent of the last allowed check", async () => {
    const token = await server.createToken();
    await check(token.value, noon, "/authorize", { "X-Forwarded-For": "203.0.113.1", "User-Agent": "first/1" });
    await check(token.value, after(1), "/authorize", { "X-Forwarded-For": "203.0.113.2", "User-Agent": "second/2" });
    await restart();
    expect(await read(token)).toMatchObject({
      lastAccessAt: after(1).toISOString(),
      lastAccessIp: "203.0.113.2",
      lastAccessUserAgent: "second/2",
    });
  });

  test("A user agent is truncated to 255 characters", async () => {
    const token = await server.createToken();
    await check(token.value, noon, "/authorize", { "User-Agent": "é".repeat(3_000) });
    await restart();
    const { lastAccessUserAgent, usage } = await read(token);
    expect([lastAccessUserAgent.length, usage[0].allowed]).toEqual([255, 1]);
  });

  test("Control characters are removed from a user agent", async () => {
    const token = await server.createToken();
    await check(token.value, noon, "/authorize", { "User-Agent": "a\u0080\u009B31mb\tc\u009F" });
    await restart();
    expect((await read(token)).lastAccessUserAgent).toBe("a31mbc");
  });

  test("A denied check does not change last access, whatever the reason", async () => {
    const token = await server.createToken();
    const from = (ip: string) => ({ "X-Forwarded-For": ip });
    await check(token.value, noon, "/authorize", from("203.0.113.1"));
    expect(await check(token.value, after(5), `/authorize?module=${modules.orders}`, from("203.0.113.2"))).toBe(403);
    expect(await check(formatTokenValue(token.id, "a".repeat(32)), after(6), "/authorize", from("203.0.113.3"))).toBe(
      401,
    );
    await restart();
    expect(await read(token)).toMatchObject({ lastAccessAt: noon.toISOString(), lastAccessIp: "203.0.113.1" });
  });

  test("Last access never moves back, and checks stored late are still counted", async () => {
    const token = await server.createToken();
    await check(token.value, noon, "/authorize", { "X-Forwarded-For": "203.0.113.1" });
    await restart();
    await check(token.value, after(-10 * secondMs), "/authorize", { "X-Forwarded-For": "203.0.113.2" });
    await restart();
    const { usage, ...last } = await read(token);
    expect(last).toMatchObject({
      lastAccessAt: noon.toISOString(),
      lastAccessIp: "203.0.113.1",
      currentValueLastAccessAt: noon.toISOString(),
    });
    expect(usage[0].allowed).toBe(2);
  });

  test("Last access never moves back within a batch", async () => {
    const token = await server.createToken();
    await check(token.value, noon, "/authorize", { "X-Forwarded-For": "203.0.113.1" });
    await check(token.value, after(-10 * secondMs), "/authorize", { "X-Forwarded-For": "203.0.113.2" });
    await restart();
    expect(await read(token)).toMatchObject({ lastAccessAt: noon.toISOString(), lastAccessIp: "203.0.113.1" });
  });

  test("Last access is kept for both values of a rotation, even for checks stored after it", async () => {
    const token = await server.createToken();
    await check(token.value, noon);
    const { value } = await (await server.as("admin")).mutate("rotateApiToken", {
      id: token.id,
      overlapSeconds: 604_800,
    });
    await restart();
    expect(await read(token)).toMatchObject({
      previousValueLastAccessAt: noon.toISOString(),
      currentValueLastAccessAt: null,
    });
    await check(value, after(1));
    await check(token.value, after(2));
    await check(value, after(3));
    await restart();
    expect(await read(token)).toMatchObject({
      previousValueLastAccessAt: after(2).toISOString(),
      currentValueLastAccessAt: after(3).toISOString(),
      lastAccessAt: after(3).toISOString(),
    });
  });

  test("Storing usage undoes no change made after the check", async () => {
    const token = await server.createToken();
    await check(token.value, noon);
    const admin = await server.as("admin");
    await admin.mutate("updateApiToken", { id: token.id, name: "Renamed" });
    await admin.mutate("deleteApiToken", { id: token.id });
    await restart();
    const [row] = await server.sql("SELECT name, status, deleted FROM api_token WHERE id = ?", [token.id]);
    expect(row).toMatchObject({ name: "Renamed", status: "DELETED", deleted: 1 });
  });

  test("Usage has one row per day for up to 90 days", async () => {
    const token = await server.createToken();
    const admin = await server.as("admin");
    const { usage } = await read(token, noon, 90);
    expect([usage.length, usage[0].day, usage[89].day]).toEqual([90, dayOf(after(-89 * dayMs)), dayOf(noon)]);
    for (const days of [0, -1, 91])
      expect((await admin.ask(usageOf, { id: token.id, days })).errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });
});
