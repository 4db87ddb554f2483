import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { runCommand } from "../support/command-line.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { accounts, modules, password, people, testPlatform } from "../support/platform.js";
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

  test.each([
    ["accounts", "list"],
    ["audit", "verify"],
    ["tokens", "disable", "TKN-1234-5678"],
  ])("Run in another folder, '%s %s' says that there is no database, and creates none", async (...args) => {
    const elsewhere = join(folder, "elsewhere");
    const { status, out, err } = await run(args, { DATABASE_URL: "", HALLPASS_DATA_DIR: elsewhere });
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(err).toContain(`'${elsewhere}' contains no database.`);
    expect(existsSync(elsewhere)).toBe(false);
  });

  test("A new password replaces the old one and signs the person out, and sessions can be ended", async () => {
    const server = await TestServer.start({ database, platform: null });
    const before = await server.signIn("admin");
    const set = (user: string, wanted: string) =>
      runCommand(["users", "set-password", user], folder, database.env, `${wanted}\n`);
    const isSignedIn = async (client: typeof before) => (await client.data("{ viewer { role } }")).viewer !== null;

    expect(await set(people.admin.email.toUpperCase(), "a much better one")).toEqual({
      status: 0,
      out: `user ${people.admin.id} has a new password and is signed out\n`,
      err: "",
    });
    expect(await isSignedIn(before)).toBe(false);
    await expect(server.signIn("admin")).rejects.toThrow();
    const after = server.nobody();
    await after.mutate("signIn", { email: people.admin.email, password: "a much better one" });
    const records = await server.trail(after, { objectIds: [people.admin.id] });
    expect(records.map(({ event }) => event)).toContain("user.password_changed");
    expect(JSON.stringify(records)).not.toContain("a much better one");

    const end = () => run(["users", "end-sessions", people.admin.id]);
    expect(await end()).toMatchObject({ status: 0, err: "" });
    expect(await isSignedIn(after)).toBe(false);
    expect(await end()).toEqual({ status: 0, out: `${people.admin.id} has no session.\n`, err: "" });

    expect(await set("nobody@example.com", "a much better one")).toMatchObject({ status: 1, out: "" });
    expect(await set(people.admin.id, "short")).toMatchObject({ status: 1, out: "" });
    expect(await set(people.admin.id, password)).toMatchObject({ status: 0 });
    await server.stop();
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

  test("The tokens commands list, show and rotate tokens, as text and as JSON", async () => {
    const { out } = await run([
      ...["tokens", "create", "--account", accounts.client, "--name", "For rotation", "--module", modules.catalogue],
      ...["--description", "Reads the catalogue", "--expires", "90d", "--ip-range", "203.0.113.0/24", "--json"],
    ]);
    const { id, value } = JSON.parse(out);
    const shown = JSON.parse((await run(["tokens", "show", id, "--json"])).out);
    expect(shown).toMatchObject({
      id,
      name: "For rotation",
      description: "Reads the catalogue",
      status: "ACTIVE",
      account: accounts.client,
      modules: [modules.catalogue],
      ipRanges: ["203.0.113.0/24"],
      lastAccessAt: null,
    });
    expect(Date.parse(shown.expiresAt) - Date.parse(shown.createdAt)).toBeGreaterThan(89 * 86_400_000);
    expect((await run(["tokens", "show", id])).out).toMatch(/^id +TKN-.*\nname +For rotation\n/);

    const listed = await run(["tokens", "list", "--account", accounts.client]);
    expect(listed.out.split("\n")[0]).toMatch(new RegExp(`^${id}\tACTIVE\t\\S+\t\\S+\tFor rotation$`));
    const json = JSON.parse((await run(["tokens", "list", "--account", accounts.client, "--json"])).out);
    expect(json[0]).toMatchObject({ id, name: "For rotation", status: "ACTIVE" });
    expect(JSON.parse((await run(["tokens", "list", "--account", accounts.vendor, "--json"])).out)).toEqual([]);

    const rotated = JSON.parse((await run(["tokens", "rotate", id, "--overlap", "0", "--json"])).out);
    expect(rotated).toEqual({ id, name: "For rotation", value: expect.stringMatching(/^hp_/) });
    expect(rotated.value).not.toBe(value);
    expect(`${listed.out}${JSON.stringify([shown, json])}`).not.toContain(value.slice(12));
    expect(JSON.parse((await run(["tokens", "disable", id, "--json"])).out)).toEqual({ id, status: "DISABLED" });

    for (const wrong of [
      ["tokens", "rotate", id, "--overlap", "soon"],
      ["tokens", "create", "--account", "x", "--name", "x", "--module", "x", "--expires", "tomorrow"],
      ["tokens", "list"],
    ])
      expect(await run(wrong)).toMatchObject({ status: 2, out: "" });
    expect(await run(["tokens", "show", "TKN-0000-0000"])).toMatchObject({ status: 1, out: "" });
    expect(await run(["tokens", "list", "--account", "ACC-0000-0000"])).toMatchObject({ status: 1, out: "" });
  });

  test("The accounts and users commands list the platform’s accounts and people", async () => {
    const listed = JSON.parse((await run(["accounts", "list", "--json"])).out);
    expect(listed).toContainEqual({ id: accounts.client, type: "CLIENT", name: "Client" });
    expect((await run(["accounts", "list"])).out).toContain(`${accounts.client}\tCLIENT\tClient\n`);
    const people = JSON.parse((await run(["users", "list", "--account", accounts.client, "--json"])).out);
    expect(people).toContainEqual(expect.objectContaining({ role: "ADMIN", name: "Ada Admin" }));
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
