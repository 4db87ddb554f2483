import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { createDatabase, type TestDatabase } from "./support/database.js";
import { accounts, modules, testPlatform } from "./support/platform.js";
import { TestServer } from "./support/test-server.js";

const cli = join(__dirname, "../dist/cli.js");

interface Result {
  status: number | null;
  out: string;
  err: string;
}

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

  const run = (args: string[], env: Record<string, string> = {}): Promise<Result> =>
    new Promise((resolve, reject) => {
      const path = { PATH: process.env.PATH ?? "" };
      const command = spawn(process.execPath, [cli, ...args], {
        cwd: folder,
        env: { ...path, ...database.env, ...env },
      });
      const result: Result = { status: null, out: "", err: "" };
      command.stdout.on("data", (chunk) => (result.out += chunk));
      command.stderr.on("data", (chunk) => (result.err += chunk));
      command.once("error", reject);
      command.once("close", (status) => resolve({ ...result, status }));
    });

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
      // Another process's change counts within a second.
      const limit = Date.now() + 1_500;
      while ((await check()) !== after && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await check()).toBe(after);
    }
    const records = await server.trail(admin, { objectIds: [id] });
    expect(records.map(({ actor, userAgent }) => [actor, userAgent])).toEqual(
      Array(4).fill([null, "hallpass command line"]),
    );
    await server.stop();

    expect(await run(["tokens", "enable", id])).toMatchObject({ status: 1, out: "" });
  });

  test("has help for everything", async () => {
    const commands = [[], ["serve"], ["migrate"], ["apply"], ["demo"], ["seed"], ["tokens"], ["tokens", "create"]];
    for (const { status, out } of await Promise.all(commands.map((each) => run([...each, "--help"])))) {
      expect(status).toBe(0);
      expect(out).toMatch(/^Usage: hallpass/);
    }
  });

  test("tells wrong use with status 2", async () => {
    for (const args of [
      ["nonsense"],
      ["apply"],
      ["tokens", "create"],
      ["tokens", "disable"],
      ["seed", "--accounts", "0", "--tokens", "x"],
      ["serve", "--no-such-option"],
    ]) {
      const { status, err } = await run(args);
      expect({ args, status }).toEqual({ args, status: 2 });
      expect(err).toMatch(/error:/);
    }
  });

  test("tells what failed with status 1 and in words, without a stack", async () => {
    const broken = join(folder, "broken.yaml");
    writeFileSync(broken, "accounts: [{ id: nonsense, type: NONE }]\nusers: 5");
    for (const [args, words] of [
      [["apply", broken], "The platform file is wrong"],
      [["apply", join(folder, "missing.yaml")], "cannot be read"],
      [["tokens", "disable", "TKN-0000-0000"], "There is no API token TKN-0000-0000"],
      [["tokens", "disable", "nonsense"], "There is no API token nonsense"],
      [
        ["tokens", "create", "--account", "ACC-0000-0000", "--name", "x", "--module", "MOD-1310"],
        "There is no account",
      ],
      [["tokens", "create", "--account", accounts.client, "--name", "x", "--module", modules.helpdesk], "not enabled"],
    ] as const) {
      const { status, out, err } = await run([...args]);
      expect({ args, status, out }).toEqual({ args, status: 1, out: "" });
      expect(err).toContain(words);
      expect(err).not.toMatch(/^\s+at /m);
    }
  });

  test("names every wrong setting, and no secret", async () => {
    const { status, err } = await run(["migrate"], {
      PORT: "x",
      LOG_LEVEL: "loud",
      DATABASE_URL: "mysql://u:hunter2@",
    });
    expect(status).not.toBe(0);
    for (const name of ["PORT", "LOG_LEVEL", "DATABASE_URL"]) expect(err).toContain(name);
    expect(err).not.toContain("hunter2");
  });

  test("says when the database cannot be reached", async () => {
    const DATABASE_URL = "mysql://u:hunter2@127.0.0.1:1/x";
    const HALLPASS_ENCRYPTION_KEYS = `k:${Buffer.alloc(32).toString("base64")}`;
    const { status, err } = await run(["migrate"], { DATABASE_URL, HALLPASS_ENCRYPTION_KEYS });
    expect([status, err.includes("hunter2")]).toEqual([1, false]);
    expect(err).toContain("database cannot be reached");
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
    const status = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    expect(await status).toBe(0);
  });
});
