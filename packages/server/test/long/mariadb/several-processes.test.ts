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

/** Hears what Redis hands on, as the processes do. */
class Listener {
  private readonly heard: string[] = [];

  private constructor(
    private readonly subscriber: Redis,
    private readonly redis: Redis,
  ) {
    subscriber.on("message", (_channel, text) => void this.heard.push(text));
  }

  /** Once so many listen, this one among them. */
  static async on(port: number, listeners: number): Promise<Listener> {
    const [subscriber, redis] = [new Redis(port), new Redis(port)];
    const listener = new Listener(subscriber, redis);
    await subscriber.subscribe("hallpass:changes");
    // A Redis that has just gone on counts connections that are closed at the other end: they are gone at the second look.
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
    // Sorted, as Redis turns the list while it looks after its clients.
    const ids = [...clients.matchAll(/^id=(\d+)/gm)].map(([, id]) => Number(id));
    return ids.sort((a, b) => a - b).join(" ");
  }

  /** Until everybody has been sent the news of the token. False: none came, as when a busy process gives up on sending it. */
  async hears(id: string): Promise<boolean> {
    for (let look = 0; !this.heard.some((text) => text.includes(id)); look++) {
      if (look === 100) return false;
      await sleep(20);
    }
    // Redis writes to all listeners before it reads on.
    await this.redis.ping();
    return true;
  }

  close(): void {
    for (const each of [this.subscriber, this.redis]) each.disconnect();
  }
}

/** Two processes on one database. The administrator is with the first; what is measured happens at the second. */
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

  /** A token that the second process knows and lets pass. */
  async warmToken(input: object = {}): Promise<{ id: string; value: string }> {
    const created = { name: "Robot", moduleIds: [modules.catalogue], ...input };
    const { apiToken, value } = await this.admin.mutate("createApiToken", created);
    await until(async () => (await this.second.check(value)) === 200);
    return { id: apiToken.id, value };
  }

  /** Disables tokens, each of which the second process refuses within the bound. */
  async disableMany(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const { id, value } = await this.warmToken();
      // So that it does not always begin at the same moment between two looks at the database.
      await sleep(index * 29);
      await this.admin.mutate("disableApiToken", { id });
      await holdsWithinTheBound(() => this.second.check(value), 401);
    }
  }

  /** Disables tokens, each of which the second process refuses as soon as Redis has told it, not when it next looks itself. */
  async disableAtOnce(count: number, redis: Running): Promise<void> {
    // The one that publishes may find Redis again later than the other.
    await until(async () => (await this.readiness(this.first)).redis === "up");
    const listener = await Listener.on(redis.port, 3);
    try {
      for (let seen = 0, tried = 0; seen < count; tried++) {
        if (tried === 10 * count) throw new Error(`Of ${tried} changes, Redis was told of ${seen}.`);
        const { id, value } = await this.warmToken();
        await this.admin.mutate("disableApiToken", { id });
        if (!(await listener.hears(id))) continue;
        seen++;
        // It comes with the news, and may be read before them.
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

describe("two processes without Redis", () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await Pair.start();
  });
  afterAll(() => pair?.close());

  test("the other one refuses a disabled token within a second", async () => {
    await pair.disableMany(8);
  });

  test("the other one lets an enabled token pass again within a second", async () => {
    const { id, value } = await pair.warmToken();
    await pair.admin.mutate("disableApiToken", { id });
    await until(async () => (await pair.second.check(value)) === 401);
    await pair.admin.mutate("enableApiToken", { id });
    await holdsWithinTheBound(() => pair.second.check(value), 200);
  });

  test("a token that the command line disables is refused by both within a second", async () => {
    const { id, value } = await pair.warmToken();
    await runCommand(pair.database.env, "tokens", "disable", id);
    const refusedBy = (process: HallpassProcess) => holdsWithinTheBound(() => process.check(value), 401);
    await Promise.all([refusedBy(pair.first), refusedBy(pair.second)]);
  });

  test("a module that the platform file takes from the account is missing within a second, and back once someone grants it again", async () => {
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

  test("/readyz says that no Redis is configured", async () => {
    expect(await pair.readiness()).toMatchObject({ status: "ok", redis: "off" });
  });
});

describeWith(["redis-server"], "two processes with Redis", () => {
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

  test("the other one refuses a disabled token at once", async () => {
    await pair.disableAtOnce(12, redis);
  });

  test("tries to sign in are counted together", async () => {
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

  test("with Redis killed checks go on within the bound, /readyz and the metrics say so, and it comes back by itself", async () => {
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

  test("a Redis that hangs holds nobody up, and /readyz says so until it goes on", async () => {
    redis.signal("SIGSTOP");
    try {
      const { id, value } = await pair.warmToken();
      // Acknowledged while it hangs.
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

describeWith(["redis-server"], "two processes whose Redis comes later", () => {
  test("they start while it is too slow to confirm a subscription, and hear of changes once it is not", async () => {
    const redis = await startRedis();
    const operator = new Redis(redis.port);
    // Past the start of both.
    await operator.call("CLIENT", "PAUSE", "6000", "ALL");
    const pair = await Pair.start({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
    try {
      // Answered when the pause is over.
      await operator.ping();
      await until(async () => (await pair.readiness()).redis === "up");
      await pair.disableAtOnce(5, redis);
    } finally {
      operator.disconnect();
      await pair.close();
      await redis.kill();
    }
  });

  test("they start without it, keep the bound, and use it once it is there", async () => {
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
