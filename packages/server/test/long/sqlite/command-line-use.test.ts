import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { runCommand } from "../../support/command-line.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { accounts, modules, testPlatform } from "../../support/platform.js";

describe("Command line errors", () => {
  let database: TestDatabase;
  let folder: string;

  beforeAll(async () => {
    database = await createDatabase();
    folder = mkdtempSync(join(tmpdir(), "hallpass-test-"));
    const file = join(folder, "platform.yaml");
    writeFileSync(file, stringify(testPlatform()));
    await run(["apply", file]);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.remove();
  });

  const run = (args: string[], settings: Record<string, string> = {}) =>
    runCommand(args, folder, { ...database.env, ...settings });

  test("Every command has help", async () => {
    const commands = [[], ["serve"], ["apply"], ["tokens"], ["tokens", "create"]];
    for (const { status, out } of await Promise.all(commands.map((each) => run([...each, "--help"])))) {
      expect(status).toBe(0);
      expect(out).toMatch(/^Usage: hallpass/);
    }
  });

  test("Wrong usage exits with status 2", async () => {
    for (const args of [
      ["nonsense"],
      ["apply"],
      ["tokens", "create"],
      ["tokens", "disable"],
      ["seed", "--accounts", "0", "--tokens", "x"],
    ]) {
      const { status, err } = await run(args);
      expect({ args, status }).toEqual({ args, status: 2 });
      expect(err).toMatch(/error:/);
    }
  });

  test("A failure exits with status 1 and an explanation without a stack trace", async () => {
    const broken = join(folder, "broken.yaml");
    writeFileSync(broken, "accounts: [{ id: nonsense, type: NONE }]\nusers: 5");
    for (const [args, words] of [
      [["apply", broken], "The platform file is invalid"],
      [["apply", join(folder, "missing.yaml")], "cannot be read"],
      [["tokens", "disable", "TKN-0000-0000"], "API token TKN-0000-0000 not found."],
      [["tokens", "disable", "nonsense"], "API token nonsense not found."],
      [
        ["tokens", "create", "--account", "ACC-0000-0000", "--name", "x", "--module", "MOD-1310"],
        "Account ACC-0000-0000 not found.",
      ],
      [["tokens", "create", "--account", accounts.client, "--name", "x", "--module", modules.helpdesk], "not enabled"],
    ] as const) {
      const { status, out, err } = await run([...args]);
      expect({ args, status, out }).toEqual({ args, status: 1, out: "" });
      expect(err).toContain(words);
      expect(err).not.toMatch(/^\s+at /m);
    }
  });

  test("Apply warns of each module that Hallpass itself checks and the platform lacks", async () => {
    const file = join(folder, "no-modules.yaml");
    writeFileSync(file, stringify({ modules: [{ id: "MOD-1255", name: "Access management" }] }));
    const empty = await createDatabase();
    const { status, err } = await runCommand(["apply", file], folder, empty.env);
    await empty.remove();
    expect({ status, err }).toEqual({
      status: 0,
      err:
        "Warning: There is no module MOD-1290. Without it, no API token can read the audit trail.\n" +
        "Warning: There is no module MOD-1299. Without it, no API token can introspect tokens.\n",
    });
  });

  test("A platform file with unprintable characters is rejected with their places", async () => {
    const file = join(folder, "unprintable.json");
    const { modules, accounts, users } = testPlatform();
    const platform = {
      modules: [{ ...modules[0], name: "nul\u0000l", description: "\u001B[31mred" }],
      accounts: [{ ...accounts[0], name: "\u202Egnp.exe" }],
      users: [{ ...users[0], name: "Ada \ud800x" }],
    };
    writeFileSync(file, JSON.stringify(platform));
    const { status, err } = await run(["apply", file]);
    expect(status).toBe(1);
    for (const place of ["modules.0.name", "modules.0.description", "accounts.0.name", "users.0.name"])
      expect(err).toMatch(new RegExp(`^  ${place}: .* characters that cannot be displayed`, "m"));
  });

  test("Files in the data folder are accessible only to their owner", () => {
    const open = readdirSync(database.dataDir).filter((file) => statSync(join(database.dataDir, file)).mode & 0o077);
    expect(open).toEqual([]);
  });

  test("Every invalid setting is reported without secrets", async () => {
    const { status, err } = await run(["migrate"], {
      PORT: "x",
      LOG_LEVEL: "loud",
      DATABASE_URL: "mysql://u:hunter2@",
    });
    expect(status).not.toBe(0);
    for (const name of ["PORT", "LOG_LEVEL", "DATABASE_URL"]) expect(err).toContain(name);
    expect(err).not.toContain("hunter2");
  });

  test("An unreachable database is reported without its password", async () => {
    const DATABASE_URL = "mysql://u:hunter2@127.0.0.1:1/x";
    const HALLPASS_ENCRYPTION_KEYS = `k:${Buffer.alloc(32).toString("base64")}`;
    const { status, err } = await run(["migrate"], { DATABASE_URL, HALLPASS_ENCRYPTION_KEYS });
    expect([status, err.includes("hunter2")]).toEqual([1, false]);
    expect(err).toContain("database cannot be reached");
  });
});
