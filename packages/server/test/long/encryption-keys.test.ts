import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { AccountEntity } from "../../src/features/accounts/account.entity.js";
import { startAuditTrail } from "../../src/features/audit/heads/head-signature.js";
import type { Client } from "../support/client.js";
import { cli, runCommand } from "../support/command-line.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { accounts, modules } from "../support/platform.js";
import { applyPlatformFile, HallpassProcess, until } from "../support/programs.js";
import { type CreatedToken, TestServer } from "../support/test-server.js";

const makeKey = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;
const [first, second] = [makeKey("first"), makeKey("second")];

describe("Encryption keys", () => {
  let database: TestDatabase;
  let token: CreatedToken;

  /** The same database, with these keys. */
  const withKeys = (...keys: string[]): TestDatabase => ({
    ...database,
    env: { ...database.env, HALLPASS_ENCRYPTION_KEYS: keys.join(",") },
  });
  const rotate = (...keys: string[]) => runCommand(["keys", "rotate"], database.dataDir, withKeys(...keys).env);
  const reveal = async (client: Client, id: string) =>
    (await client.mutate("revealApiToken", { id, purpose: "SHOW" })).value;
  /** Runs the work on a new server. */
  const served = async <T>(on: TestDatabase, work: (server: TestServer, admin: Client) => Promise<T>): Promise<T> => {
    const server = await TestServer.start({ database: on, platform: null });
    try {
      return await work(server, await server.signIn("admin"));
    } finally {
      await server.stop();
    }
  };

  beforeAll(async () => {
    database = await createDatabase();
    await applyPlatformFile(withKeys(first).env);
    await served(withKeys(first), async (server, admin) => {
      token = await server.createToken({}, admin);
      await admin.mutate("rotateApiToken", { id: token.id });
      token.value = await reveal(admin, token.id);
      const rotatedThenDeleted = await server.createToken({}, admin);
      await admin.mutate("deleteApiToken", { id: rotatedThenDeleted.id });
    });
  });
  afterAll(() => database.remove());

  test("A missing key degrades /readyz and fails reveals with the reason, but not checks", async () => {
    await served(withKeys(second), async (server, admin) => {
      expect((await server.program(token.value).fetch("/authorize")).status).toBe(200);
      const { status, errors } = await admin.ask(
        "mutation ($id: ID!) { revealApiToken(input: { id: $id, purpose: SHOW }) { value } }",
        { id: token.id },
      );
      expect([status, errors[0]?.message]).toEqual([503, expect.stringContaining("encryption key is not configured")]);
      const ready = await server.nobody().fetch("/readyz");
      expect([ready.status, await ready.json()]).toEqual([
        200,
        expect.objectContaining({ status: "degraded", keys: "missing" }),
      ]);
      // A new value is encrypted with the configured key.
      expect(await reveal(admin, (await server.createToken({}, admin)).id)).toMatch(/^hp_/);
    });
    expect(await rotate(second)).toMatchObject({
      status: 0,
      out: expect.stringContaining("Key 'first' is not configured, and some values or audit heads still need it."),
    });
  });

  test("Values are checked without any key, but neither created nor revealed", async () => {
    const { HALLPASS_ENCRYPTION_KEYS: _, ...env } = database.env;
    // Without keys, the embedded database would have created this file at its first start.
    rmSync(join(database.dataDir, "encryption-keys"), { force: true });
    const without = { ...database, env };
    await served(without, async (server, admin) => {
      expect((await server.program(token.value).fetch("/authorize")).status).toBe(200);
      await expect(reveal(admin, token.id)).rejects.toThrow("key is not configured");
      const before = await server.sql("SELECT COUNT(*) AS tokens FROM api_token");
      await expect(server.createToken({}, admin)).rejects.toThrow("key is not configured");
      expect(await server.sql("SELECT COUNT(*) AS tokens FROM api_token")).toEqual(before);
      expect(await (await server.nobody().fetch("/readyz")).json()).toMatchObject({
        status: "degraded",
        keys: "missing",
      });
    });
    expect(await runCommand(["keys", "rotate"], database.dataDir, env)).toEqual({
      status: 1,
      out: "",
      err: "No encryption key is configured.\n",
    });
  });

  test("A key rotation re-encrypts every value, makes the old key unnecessary and is audited", async () => {
    // The client's trail was changed without the key of its head's signature.
    const signed = await runCommand(["audit", "sign"], database.dataDir, withKeys(first, second).env);
    expect([signed.status, signed.out]).toEqual([0, expect.stringContaining(`${accounts.client} signed, `)]);
    const { status, out } = await rotate(second, first);
    // Two values of one token, none of the deleted one.
    expect([status, out]).toEqual([
      0,
      "2 values encrypted and 3 audit heads signed under key 'second'.\nKey 'first' is no longer needed.\n",
    ]);
    expect((await rotate(second, first)).out).toContain("0 values encrypted and 0 audit heads signed");
    await served(withKeys(second), async (server, admin) => {
      expect(await reveal(admin, token.id)).toBe(token.value);
      expect(await (await server.nobody().fetch("/readyz")).json()).toMatchObject({ status: "ok", keys: "ok" });
      const records = await server.trail(await server.signIn("operator"), { events: ["encryption_keys.rotated"] });
      expect(records.map(({ summary, actor }) => [summary, actor])).toEqual([
        ["2 values encrypted and 3 audit heads signed under key second", null],
      ]);
    });
  });

  test("A key is still needed while an audit head is signed with it", async () => {
    const third = makeKey("third");
    const server = await TestServer.start({ database: withKeys(second, third), platform: null });
    const under = "UPDATE audit_head SET signature = ? WHERE account_id = ?";
    const [{ signature }] = await server.sql("SELECT signature FROM audit_head WHERE account_id = ?", [
      accounts.vendor,
    ]);
    await server.sql(under, ["f".repeat(64), accounts.vendor]);
    const { out } = await rotate(third, second);
    expect(out).toContain("Key 'second' is still needed");
    expect(await server.sql("SELECT key_id FROM audit_head WHERE account_id = ?", [accounts.vendor])).toEqual([
      { key_id: "second" },
    ]);
    await server.sql(under, [signature, accounts.vendor]);
    expect((await rotate(second, third)).out).toContain("Key 'third' is no longer needed.");
    await server.stop();
  });

  test("A key rotation that is killed and rerun under load fails no check or reveal", async () => {
    const fourth = makeKey("fourth");
    const keys = withKeys(fourth, second);
    const seeded = { ...keys, env: { ...keys.env, HALLPASS_ENCRYPTION_KEYS: second } };
    await runCommand(["seed", "--accounts", "1", "--tokens", "600"], database.dataDir, seeded.env);
    await served(seeded, async (server) => {
      for (let index = 1; index <= 400; index++) await addAccount(server, `ACC-7000-${1000 + index}`);
    });
    const hallpass = await HallpassProcess.start(keys.env);
    const readings = await TestServer.start({ database: keys, platform: null });
    const admin = await hallpass.signIn("admin");
    const tokens = [{ id: token.id, value: token.value }];
    let stopped = false;
    let reveals = 0;
    let checks = 0;
    const load = async () => {
      while (!stopped) {
        const name = `Robot ${tokens.length}`;
        if (tokens.length < 30) {
          const { apiToken, value } = await admin.mutate("createApiToken", { name, moduleIds: [modules.catalogue] });
          tokens.push({ id: apiToken.id, value });
        }
        const { id, value } = tokens[reveals % tokens.length] as { id: string; value: string };
        // Reveals are limited per person.
        if (reveals < 60 && checks % 4 === 0) {
          expect(await reveal(admin, id)).toBe(value);
          reveals++;
        }
        expect(await hallpass.check(value)).toBe(200);
        checks++;
      }
    };
    const underOld = async (table: string) =>
      Number((await readings.sql(`SELECT COUNT(*) AS old FROM ${table} WHERE key_id = 'second'`))[0].old);
    const loaded = load();
    try {
      for (const table of ["api_token_secret", "api_token_secret", "audit_head"]) {
        const before = await underOld(table);
        const command = spawn(process.execPath, [cli, "keys", "rotate"], { env: keys.env, stdio: "ignore" });
        const exit = once(command, "exit");
        // The load's changes also sign heads with the new key.
        const some = table === "audit_head" ? 10 : 1;
        await until(async () => (await underOld(table)) <= before - some, { everyMs: 1 });
        command.kill("SIGKILL");
        expect(await exit).toEqual([null, "SIGKILL"]);
        expect(await underOld(table)).toBeGreaterThan(0);
      }
      const { out } = await runCommand(["keys", "rotate"], database.dataDir, keys.env);
      expect(out).toContain("Key 'second' is no longer needed.");
      for (const table of ["api_token_secret", "audit_head"]) expect(await underOld(table)).toBe(0);
    } finally {
      stopped = true;
      await loaded;
      await hallpass.kill();
      await readings.stop();
    }
    expect(checks).toBeGreaterThan(50);
    expect(reveals).toBeGreaterThan(10);
    // Every head is validly signed without the old key.
    const verified = await runCommand(["audit", "verify"], database.dataDir, withKeys(fourth).env);
    expect([verified.status, verified.out]).toEqual([0, expect.not.stringContaining("not checked")]);
  });
});

async function addAccount({ app }: TestServer, id: string): Promise<void> {
  const { manager } = app.dataSource;
  await manager.insert(AccountEntity, { id, name: id, type: "CLIENT", createdAt: new Date() });
  await startAuditTrail(manager, app.keyring, id);
}
