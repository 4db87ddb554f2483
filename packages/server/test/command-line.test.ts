import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { cli, runCommand } from "./support/command-line.js";
import { createDatabase, type TestDatabase } from "./support/database.js";
import { accounts, modules, testPlatform } from "./support/platform.js";
import { holdsWithinTheBound } from "./support/programs.js";
import { TestServer } from "./support/test-server.js";

describe("the command line", () => {
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

  test("applies a platform file, and then has nothing to change", async () => {
    const first = await run(["apply", file]);
    expect(first).toMatchObject({ status: 0, err: "" });
    expect(first.out).toContain(`account ${accounts.client} added: Client`);
    expect(first.out).not.toContain("correct horse");
    expect(await run(["apply", file])).toEqual({ status: 0, out: "Nothing to change.\n", err: "" });
  });

  test("adds a token, whose value works, and disables, enables and deletes it", async () => {
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

  test("serves until it is told to stop, and loses nothing on the way", async () => {
    const env = { PATH: process.env.PATH ?? "", ...database.env, PORT: "0" };
    const server = spawn(process.execPath, [cli, "serve"], { cwd: folder, env });
    let out = "";
    const url = await new Promise<string>((resolve, reject) => {
      server.once("exit", () => reject(new Error(`It ended: ${out}`)));
      server.stdout.on("data", (chunk) => {
        out += chunk;
        const found = /listens on (http\S+)/.exec(out)?.[1];
        if (found) resolve(found);
      });
    });
    expect((await fetch(new URL("/readyz", url))).status).toBe(200);
    expect(await (await fetch(new URL("/metrics", url))).text()).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    const status = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    expect(await status).toBe(0);
  });
});
