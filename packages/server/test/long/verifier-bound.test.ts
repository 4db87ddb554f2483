import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createVerifier, Undecided, type Verdict, type Verifier } from "@hallpass/verifier";
import { startNewHistory } from "../../src/db/history.js";
import { modules } from "../support/platform.js";
import { applyPlatformFile, HallpassProcess, until } from "../support/programs.js";
import { type CreatedToken, useServer } from "../support/test-server.js";
import { Wire } from "../support/wire.js";

const boundMs = 1_000;
const bearer = (value: string) => `Bearer ${value}`;

describe("A verifier’s revocation bound", () => {
  const server = useServer();
  let wire: Wire;
  let caller: CreatedToken;
  let verifier: Verifier;
  const errors: unknown[] = [];
  const open: Verifier[] = [];
  const start = (options: Partial<Parameters<typeof createVerifier>[0]> = {}) => {
    const started = createVerifier({
      url: wire.url,
      token: caller.value,
      onError: (error) => void errors.push(error),
      ...options,
    });
    open.push(started);
    return started;
  };

  beforeAll(async () => {
    wire = await Wire.to(() => server().url);
    caller = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
    verifier = start();
  });
  afterEach(() => {
    Object.assign(wire, { state: "open", delayMs: 0 });
    wire.paths.length = 0;
    errors.length = 0;
  });
  afterAll(async () => {
    await Promise.all(open.map((each) => each.close()));
    wire.close();
  });

  /** What the verifier says, as a status: 503 if it cannot decide. */
  const statusOf = async (token: { value: string }, options = {}, by = verifier): Promise<number> => {
    try {
      const verdict = await by.verify(bearer(token.value), options);
      return verdict.allowed ? 200 : verdict.status;
    } catch (error) {
      if (error instanceof Undecided) return 503;
      throw error;
    }
  };
  const disable = async ({ id }: CreatedToken) => (await server().as("admin")).mutate("disableApiToken", { id });
  const warm = async (by = verifier) => {
    const token = await server().createToken();
    expect(await statusOf(token, {}, by)).toBe(200);
    // The next look evicts it once more, as its creation is new to the feed. From the second read on, only the feed keeps it.
    await sleep(500);
    expect(await statusOf(token, {}, by)).toBe(200);
    await sleep(500);
    return token;
  };

  /** Every status of a warm token from the bound after its disabling on. */
  async function statusesAfterTheBound(token: CreatedToken, by = verifier): Promise<number[]> {
    await disable(token);
    await sleep(boundMs);
    const statuses = new Set<number>();
    const until = performance.now() + 500;
    do {
      statuses.add(await statusOf(token, {}, by));
      await sleep(20);
    } while (performance.now() < until);
    return [...statuses];
  }

  test("A disabled token is denied within a second, and an enabled one is allowed again", async () => {
    const token = await warm();
    expect(await statusesAfterTheBound(token)).toEqual([401]);
    await (await server().as("admin")).mutate("enableApiToken", { id: token.id });
    await sleep(boundMs);
    expect(await statusOf(token)).toBe(200);
  });

  test.each(["cut", "hung"] as const)("With the wire %s, nothing is allowed after a second", async (state) => {
    const token = await warm();
    wire.state = state;
    expect(await statusesAfterTheBound(token)).toEqual([503]);
    wire.state = "open";
    await until(async () => (await statusOf(token)) === 401);
  });

  test.each([400, 900, 1_300])(
    "With answers %d ms late, a disabled token is never allowed after a second",
    async (ms) => {
      const token = await warm();
      wire.delayMs = ms;
      expect(await statusesAfterTheBound(token)).not.toContain(200);
    },
  );

  test("After a break in which many accounts have changed, it decides again", async () => {
    const token = await warm();
    wire.state = "cut";
    await sleep(boundMs + 300);
    for (let index = 0; index < 3; index++) await server().createToken({}, "vendorAdmin");
    wire.state = "open";
    await until(async () => (await statusOf(token)) === 200 && verifier.statistics().confirmedAgo < boundMs);
  });

  test("A module taken from a token is missing within a second", async () => {
    const token = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
    expect(await statusOf(token, { modules: [modules.orders] })).toBe(200);
    const input = { id: token.id, moduleIds: [modules.catalogue] };
    await (await server().as("admin")).mutate("updateApiToken", input);
    await sleep(boundMs);
    expect(await statusOf(token, { modules: [modules.orders] })).toBe(403);
    expect(await statusOf(token)).toBe(200);
  });

  test("A rotated value is denied within a second", async () => {
    const token = await warm();
    const { value } = await (await server().as("admin")).mutate("rotateApiToken", {
      id: token.id,
      overlapSeconds: 0,
    });
    await sleep(boundMs);
    expect([await statusOf(token), await statusOf({ value })]).toEqual([401, 200]);
  });

  test("After a restore, nothing known before is used", async () => {
    const token = await warm();
    await server().sql("UPDATE api_token SET status = 'DISABLED' WHERE id = ?", [token.id]);
    await startNewHistory(server().app.dataSource);
    await sleep(boundMs);
    expect(await statusOf(token)).toBe(401);
  });

  test("A verifier whose own token is disabled decides nothing after a second", async () => {
    const own = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
    const other = start({ token: own.value });
    const token = await warm(other);
    await (await server().as("operator")).mutate("disableApiToken", { id: own.id });
    await sleep(boundMs + 100);
    expect(await statusOf(token, {}, other)).toBe(503);
    expect(String(errors.at(-1))).toMatch(/Hallpass answered \/verifier\/\w+ with 401/);
  });
});

describe("A verifier whose Hallpass is killed", () => {
  let folder: string;
  let hallpass: HallpassProcess;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hallpass-verifier-"));
  });
  afterAll(async () => {
    await hallpass?.stop();
    rmSync(folder, { recursive: true });
  });

  test("It decides nothing after a second, and as before once Hallpass is back", async () => {
    const env = { HALLPASS_DATA_DIR: folder };
    await applyPlatformFile(env);
    hallpass = await HallpassProcess.start(env);
    const create = async (person: "admin" | "operator", moduleIds: string[]) => {
      const client = await hallpass.signIn(person);
      return (await client.mutate("createApiToken", { name: "Robot", moduleIds })).value as string;
    };
    const value = await create("admin", [modules.catalogue]);
    const token = await create("operator", [modules.tokenVerification]);
    const wire = await Wire.to(() => hallpass.url);
    const verifier = createVerifier({ url: wire.url, token, onError: () => undefined });
    const status = async () => {
      try {
        return ((await verifier.verify(bearer(value))) as Verdict).allowed;
      } catch (error) {
        return error instanceof Undecided ? "undecided" : error;
      }
    };
    await until(async () => (await status()) === true);
    await hallpass.kill();
    await sleep(boundMs);
    expect([await status(), await status()]).toEqual(["undecided", "undecided"]);
    hallpass = await HallpassProcess.start(env);
    await until(async () => (await status()) === true);
    await verifier.close();
    wire.close();
  });
});
