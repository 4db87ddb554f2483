import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Client } from "../../support/client.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { freePort } from "../../support/mariadb.js";
import { accounts, modules, people, testPlatform } from "../../support/platform.js";
import {
  applyPlatformFile,
  decided,
  describeWith,
  HallpassProcess,
  holdsWithinTheBound,
  type Running,
  runCommand,
  startRedis,
  until,
} from "../../support/programs.js";

/** Receives what Redis publishes, like the processes. */
class Listener {
  private readonly heard: string[] = [];

  private constructor(
    private readonly subscriber: Redis,
    private readonly redis: Redis,
  ) {
    subscriber.on("message", (_channel, text) => void this.heard.push(text));
  }

  /** Resolves once this many listen, including this one. */
  static async on(port: number, listeners: number): Promise<Listener> {
    const [subscriber, redis] = [new Redis(port), new Redis(port)];
    const listener = new Listener(subscriber, redis);
    await subscriber.subscribe("hallpass:changes");
    // A Redis that has just resumed still counts closed connections, but no longer at the second look.
    let before = "";
    await until(
      async () => {
        const now = await listener.subscribers();
        const isStable = now === before && now.split(" ").length === listeners;
        before = now;
        return isStable;
      },
      { everyMs: 300, limitMs: 30_000 },
    ).catch(() => {
      listener.close();
      throw new Error(`Not ${listeners} listen, but these clients of Redis: ${before}.`);
    });
    return listener;
  }

  private async subscribers(): Promise<string> {
    const clients = String(await this.redis.call("CLIENT", "LIST", "TYPE", "pubsub"));
    // Sorted, as Redis rotates the list.
    const ids = [...clients.matchAll(/^id=(\d+)/gm)].map(([, id]) => Number(id));
    return ids.sort((a, b) => a - b).join(" ");
  }

  /** Waits until every listener was sent the token's change. False if none was, e.g. because a busy process gave up. */
  async hears(id: string): Promise<boolean> {
    for (let look = 0; !this.heard.some((text) => text.includes(id)); look++) {
      if (look === 100) return false;
      await sleep(20);
    }
    // Redis writes to all listeners before it reads the next command.
    await this.redis.ping();
    return true;
  }

  close(): void {
    for (const each of [this.subscriber, this.redis]) each.disconnect();
  }
}

/** Two processes on one database. The administrator uses the first, and the second is measured. */
class Pair {
  private constructor(
    readonly database: TestDatabase,
    readonly first: HallpassProcess,
    readonly second: HallpassProcess,
    readonly admin: Client,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<Pair> {
    const database = await createDatabase();
    await applyPlatformFile(database.env);
    const settings = { ...database.env, ...env };
    const [first, second] = await Promise.all([HallpassProcess.start(settings), HallpassProcess.start(settings)]);
    return new Pair(database, first, second, await first.signIn("admin"));
  }

  /** A token that the second process has cached and allows. */
  async warmToken(input: object = {}): Promise<{ id: string; value: string }> {
    const created = { name: "Robot", moduleIds: [modules.catalogue], ...input };
    const { apiToken, value } = await this.admin.mutate("createApiToken", created);
    await until(async () => (await this.second.check(value)) === 200);
    return { id: apiToken.id, value };
  }

  /** Disables tokens and expects the second process to deny each within the bound. */
  async disableMany(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const { id, value } = await this.warmToken();
      // Varies the moment between two polls of the database.
      await sleep(index * 29);
      await this.admin.mutate("disableApiToken", { id });
      await holdsWithinTheBound(() => this.second.check(value), 401);
    }
  }

  /** Disables tokens and expects the second process to deny each once Redis has published it, not at the next poll. */
  async disableAtOnce(count: number, redis: Running): Promise<void> {
    // The publishing process may reconnect to Redis later than the other.
    await until(async () => (await this.readiness(this.first)).redis === "up");
    const listener = await Listener.on(redis.port, 3);
    try {
      for (let seen = 0, tried = 0; seen < count; tried++) {
        if (tried === 10 * count) throw new Error(`Of ${tried} changes, Redis was told of ${seen}.`);
        const { id, value } = await this.warmToken();
        await this.admin.mutate("disableApiToken", { id });
        if (!(await listener.hears(id))) continue;
        seen++;
        // This check may be read before the message that arrives with it.
        await this.second.check(value);
        expect(await decided(() => this.second.check(value))).toBe(401);
      }
    } finally {
      listener.close();
    }
  }

  async readiness(of = this.second): Promise<{ status: string; redis: string }> {
    return (await of.nobody().fetch("/readyz")).json() as Promise<{ status: string; redis: string }>;
  }

  async metrics(): Promise<string> {
    return (await this.second.nobody().fetch("/metrics")).text();
  }

  async close(): Promise<void> {
    await Promise.all([this.first.kill(), this.second.kill()]);
    await this.database.remove();
  }
}

describe("Two processes without Redis", () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await Pair.start();
  });
  afterAll(() => pair?.close());

  test("The other process denies a disabled token within a second", async () => {
    await pair.disableMany(8);
  });

  test("The other process allows an enabled token within a second", async () => {
    const { id, value } = await pair.warmToken();
    await pair.admin.mutate("disableApiToken", { id });
    await until(async () => (await pair.second.check(value)) === 401);
    await pair.admin.mutate("enableApiToken", { id });
    await holdsWithinTheBound(() => pair.second.check(value), 200);
  });

  test("Both processes deny a token disabled on the command line within a second", async () => {
    const { id, value } = await pair.warmToken();
    await runCommand(pair.database.env, "tokens", "disable", id);
    const refusedBy = (process: HallpassProcess) => holdsWithinTheBound(() => process.check(value), 401);
    await Promise.all([refusedBy(pair.first), refusedBy(pair.second)]);
  });

  test("A module removed by a platform file is denied within a second until it is regranted", async () => {
    const { id, value } = await pair.warmToken({ moduleIds: [modules.catalogue, modules.orders] });
    const status = () => pair.second.check(value, `/authorize?module=${modules.orders}`);
    expect(await status()).toBe(200);
    const platform = testPlatform();
    const without = platform.accounts.map((account) =>
      account.id === accounts.client
        ? { ...account, modules: account.modules.filter((module) => module !== modules.orders) }
        : account,
    );
    await applyPlatformFile(pair.database.env, { ...platform, accounts: without });
    await holdsWithinTheBound(status, 403);
    await applyPlatformFile(pair.database.env, platform);
    expect(await status()).toBe(403);
    await pair.admin.mutate("updateApiToken", { id, moduleIds: [modules.catalogue, modules.orders] });
    await holdsWithinTheBound(status, 200);
  });

  test("Readiness reports that no Redis is configured", async () => {
    expect(await pair.readiness()).toMatchObject({ status: "ok", redis: "off" });
  });
});

describeWith(["redis-server"], "Two processes with Redis", () => {
  let redis: Running;
  let pair: Pair;
  beforeAll(async () => {
    redis = await startRedis();
    pair = await Pair.start({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
  });
  afterAll(async () => {
    await pair?.close();
    await redis?.kill();
  });

  test("The other process denies a disabled token at once", async () => {
    await pair.disableAtOnce(12, redis);
  });

  test("Sign-in attempts at all processes share one limit", async () => {
    const tries = new Client(pair.first.url);
    const elsewhere = new Client(pair.second.url, {}, tries.address);
    const input = { email: people.auditor.email, password: "wrong, all of them" };
    const codeFrom = async (client: Client) =>
      (await client.ask("mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }", { input }))
        .errors[0]?.extensions.code;
    for (const client of [tries, elsewhere, tries, elsewhere, tries]) expect(await codeFrom(client)).toBeUndefined();
    expect(await codeFrom(tries)).toBe("RATE_LIMITED");
    expect(await codeFrom(elsewhere)).toBe("RATE_LIMITED");
  });

  test("Requests at all processes share a token’s rate limit, and while Redis is down, each process counts by itself", async () => {
    const { apiToken, value } = await pair.admin.mutate("createApiToken", {
      name: "Limited",
      moduleIds: [modules.catalogue],
      rateLimit: { requests: 4, perSeconds: 3_600 },
    });
    expect(apiToken.id).toMatch(/^TKN-/);
    const check = async (by: HallpassProcess) => decided(() => by.check(value));
    const { first, second } = pair;
    const seen: number[] = [];
    for (const by of [first, second, first, second, first, second]) seen.push(await check(by));
    expect(seen).toEqual([200, 200, 200, 200, 429, 429]);
    await redis.kill();
    expect([await check(first), await check(second)]).toEqual([200, 200]);
    redis = await startRedis(redis.port);
    await until(async () => (await pair.readiness()).redis === "up");
  });

  test("The bound holds while Redis is down, /readyz and the metrics report it, and Redis is reused once it is back", async () => {
    const { value } = await pair.warmToken();
    await redis.kill();
    await pair.disableMany(4);
    expect(await decided(() => pair.second.check(value))).toBe(200);
    expect(await pair.readiness()).toMatchObject({ status: "degraded", redis: "down" });
    expect(await pair.metrics()).toContain("hallpass_bus_up 0");
    redis = await startRedis(redis.port);
    await until(async () => (await pair.readiness()).redis === "up");
    await pair.disableAtOnce(5, redis);
    expect(await pair.metrics()).toContain("hallpass_bus_up 1");
  });

  test("An unresponsive Redis blocks no change, and degrades /readyz until it resumes", async () => {
    redis.signal("SIGSTOP");
    try {
      const { id, value } = await pair.warmToken();
      // Acknowledged while Redis is unresponsive.
      await pair.admin.mutate("disableApiToken", { id });
      await holdsWithinTheBound(() => pair.second.check(value), 401);
      await until(async () => (await pair.readiness()).redis === "down");
      expect((await pair.readiness()).status).toBe("degraded");
    } finally {
      redis.signal("SIGCONT");
    }
    await until(async () => (await pair.readiness()).status === "ok");
    await pair.disableAtOnce(5, redis);
  });
});

describeWith(["redis-server"], "Late Redis", () => {
  test("Processes start while Redis is too slow to confirm a subscription, and receive changes once it is not", async () => {
    const redis = await startRedis();
    const operator = new Redis(redis.port);
    // Longer than both starts take.
    await operator.call("CLIENT", "PAUSE", "6000", "ALL");
    const pair = await Pair.start({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
    try {
      // Answered once the pause is over.
      await operator.ping();
      await until(async () => (await pair.readiness()).redis === "up");
      await pair.disableAtOnce(5, redis);
    } finally {
      operator.disconnect();
      await pair.close();
      await redis.kill();
    }
  });

  test("Processes start without Redis, keep the bound and use Redis once it is available", async () => {
    const port = await freePort();
    const pair = await Pair.start({ REDIS_URL: `redis://127.0.0.1:${port}` });
    let redis: Running | undefined;
    try {
      expect(await pair.readiness()).toMatchObject({ status: "degraded", redis: "down" });
      await pair.disableMany(2);
      redis = await startRedis(port);
      await until(async () => (await pair.readiness()).redis === "up");
      await pair.disableAtOnce(5, redis);
    } finally {
      await pair.close();
      await redis?.kill();
    }
  });
});
