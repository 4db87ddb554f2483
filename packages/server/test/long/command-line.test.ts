import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { runCommand } from "../support/command-line.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { accounts, modules, testPlatform } from "../support/platform.js";
import { HallpassProcess, holdsWithinTheBound } from "../support/programs.js";
import { TestServer } from "../support/test-server.js";

describe("Command line", () => {
  let database: TestDatabase;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    database = await createDatabase();
    folder = mkdtempSync(join(tmpdir(), "hallpass-test-"));
    file = join(folder, "platform.yaml");
    writeFileSync(file, stringify(testPlatform()));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.remove();
  });

  const run = (args: string[], settings: Record<string, string> = {}) =>
    runCommand(args, folder, { ...database.env, ...settings });

  test("The apply command applies a platform file, and has nothing to change when rerun", async () => {
    const first = await run(["apply", file]);
    expect(first).toMatchObject({ status: 0, err: "" });
    expect(first.out).toContain(`account ${accounts.client} added: Client`);
    expect(first.out).not.toContain("correct horse");
    expect(await run(["apply", file])).toEqual({ status: 0, out: "Nothing to change.\n", err: "" });
  });

  test("The tokens commands create, disable, enable and delete a token", async () => {
    const created = await run([
      ...["tokens", "create", "--account", accounts.client, "--name", "From outside"],
      ...["--module", modules.catalogue, "--module", modules.orders, "--json"],
    ]);
    expect(created).toMatchObject({ status: 0, err: "" });
    const { id, name, value } = JSON.parse(created.out);
    expect(name).toBe("From outside");

    const server = await TestServer.start({ database, platform: null });
    const admin = await server.signIn("admin");
    const check = async () => (await server.program(value).fetch(`/authorize?module=${modules.orders}`)).status;
    expect(await check()).toBe(200);
    for (const [action, word, after] of [
      ["disable", "disabled", 401],
      ["enable", "active", 200],
      ["delete", "deleted", 401],
    ] as const) {
      expect(await run(["tokens", action, id])).toEqual({ status: 0, out: `${id} is ${word}.\n`, err: "" });
      await holdsWithinTheBound(check, after);
    }
    const records = await server.trail(admin, { objectIds: [id] });
    expect(records.map(({ actor, userAgent }) => [actor, userAgent])).toEqual(
      Array(4).fill([null, "hallpass command line"]),
    );
    await server.stop();

    expect(await run(["tokens", "enable", id])).toMatchObject({ status: 1, out: "" });
  });

  test("Commands work while Redis is unavailable, and print only results on standard output", async () => {
    const withoutRedis = { REDIS_URL: "redis://127.0.0.1:1" };
    expect(await run(["apply", file], withoutRedis)).toMatchObject({ status: 0 });
    const head = await run(["audit", "head"], withoutRedis);
    expect(head.status).toBe(0);
    expect(head.out).toMatch(/^(ACC-\d{4}-\d{4} \d+ [0-9a-f]{64}.*\n)+$/);
    const verified = await run(["audit", "verify", "--head", head.out], withoutRedis);
    expect(verified).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^(ACC-\d{4}-\d{4} intact, .*\n)+triggers present\n$/),
    });
    const args = ["--account", accounts.client, "--name", "Without Redis", "--module", modules.catalogue, "--json"];
    const created = await run(["tokens", "create", ...args], withoutRedis);
    expect(created).toMatchObject({ status: 0, out: expect.stringMatching(/^\{.*\}\n$/) });
    const { id } = JSON.parse(created.out);
    const disabled = await run(["tokens", "disable", id], withoutRedis);
    expect(disabled).toMatchObject({ status: 0, out: `${id} is disabled.\n` });
    // The log goes to standard error.
    const logged = disabled.err
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 40, msg: expect.stringContaining("not published") }),
    );
  });

  test("The serve command runs until it is stopped and exits with status 0", async () => {
    const server = await HallpassProcess.start(database.env);
    try {
      const get = (path: string) => server.nobody().fetch(path);
      expect((await get("/readyz")).status).toBe(200);
      expect(await (await get("/metrics")).text()).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
      expect(await server.stop()).toBe(0);
    } finally {
      await server.kill();
    }
  });
});
