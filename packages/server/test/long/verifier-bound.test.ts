import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createVerifier } from "@hallpass/verifier";
import { startNewHistory } from "../../src/db/history.js";
import { modules } from "../support/platform.js";
import { applyPlatformFile, HallpassProcess, until } from "../support/programs.js";
import { type CreatedToken, useServer } from "../support/test-server.js";
import { statusBy, useVerifier } from "../support/verifier.js";
import { Wire } from "../support/wire.js";

const boundMs = 1_000;

describe("A verifier’s revocation bound", () => {
  const server = useServer();
  const use = useVerifier(server);
  const { errors, start, statusOf, warm } = use;
  const disable = async ({ id }: CreatedToken) => (await server().as("admin")).mutate("disableApiToken", { id });

  /** Every status of a warm token from the bound after its disabling on. */
  async function statusesAfterTheBound(token: CreatedToken, by = use.verifier): Promise<number[]> {
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
    use.wire.state = state;
    expect(await statusesAfterTheBound(token)).toEqual([503]);
    use.wire.state = "open";
    await until(async () => (await statusOf(token)) === 401);
  });

  test.each([400, 900, 1_300])(
    "With answers %d ms late, a disabled token is never allowed after a second",
    async (ms) => {
      const token = await warm();
      use.wire.delayMs = ms;
      // Hallpass has answered a look before the change, and the answer comes after it.
      const looks = () => use.wire.paths.filter((path) => path === "/verifier/changes").length;
      const before = looks();
      await until(() => looks() > before);
      await sleep(50);
      expect(await statusesAfterTheBound(token)).not.toContain(200);
    },
  );

  test("After a break in which many accounts have changed, it decides again", async () => {
    const token = await warm();
    use.wire.state = "cut";
    await sleep(boundMs + 300);
    for (let index = 0; index < 3; index++) await server().createToken({}, "vendorAdmin");
    use.wire.state = "open";
    await until(async () => (await statusOf(token)) === 200 && use.verifier.statistics().confirmedAgo < boundMs);
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
    const status = () => statusBy(verifier, value);
    await until(async () => (await status()) === 200);
    await hallpass.kill();
    await sleep(boundMs);
    expect([await status(), await status()]).toEqual([503, 503]);
    hallpass = await HallpassProcess.start(env);
    await until(async () => (await status()) === 200);
    await verifier.close();
    wire.close();
  });
});
