import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../support/command-line.js";
import { createDatabase, currentEngine, type TestDatabase } from "../support/database.js";
import { dumpMariadb, loadMariadb } from "../support/mariadb-dump.js";
import { accounts } from "../support/platform.js";
import { type CreatedToken, TestServer } from "../support/test-server.js";

/** The contents of a backup. documented-commands.test.ts runs the commands in docs/operations.md. */
describe("Backup", () => {
  const folder = mkdtempSync(join(tmpdir(), "hallpass-backup-"));
  const file = join(folder, "hallpass.dump");
  let origin: TestServer;
  let restored: TestDatabase;
  let token: CreatedToken;
  let heads: string;

  beforeAll(async () => {
    origin = await TestServer.start();
    token = await origin.createToken({ name: "In the backup" });
    heads = (await runCommand(["audit", "head"], origin.database.dataDir, origin.database.env)).out;
    // The server runs meanwhile. A change during the backup is in it completely or not at all.
    const changes = Promise.all(
      Array.from({ length: 10 }, (_, index) => origin.createToken({ name: `Later ${index}` })),
    );
    await (currentEngine === "mariadb" ? dumpMariadb(origin.database, file) : origin.sql("VACUUM INTO ?", [file]));
    await changes;
    await origin.createToken({ name: "After the backup" });
    restored = await createDatabase();
    await (currentEngine === "mariadb" ? loadMariadb(restored, file) : placeSqlite(restored, file));
  });
  afterAll(async () => {
    await origin.close();
    await restored.remove();
    rmSync(folder, { recursive: true });
  });

  const withoutKeys = (): TestDatabase => {
    const { HALLPASS_ENCRYPTION_KEYS: _, ...env } = restored.env;
    return { ...restored, env };
  };
  const withKeys = (): TestDatabase => {
    const keys = origin.database.env.HALLPASS_ENCRYPTION_KEYS ?? keysFile(origin.database);
    return { ...restored, env: { ...restored.env, HALLPASS_ENCRYPTION_KEYS: keys } };
  };
  const serve = async (database: TestDatabase, work: (server: TestServer) => Promise<void>): Promise<void> => {
    const server = await TestServer.start({ database, platform: null });
    try {
      await work(server);
    } finally {
      await server.stop();
    }
  };

  test("A backup contains no token values or passwords", () => {
    const bytes = readFileSync(file);
    for (const text of [token.value, token.value.slice(12, 44), "correct horse battery"])
      expect(bytes.includes(text)).toBe(false);
    expect(bytes.includes("In the backup")).toBe(true);
  });

  test("A backup restored without the encryption keys allows checks but no reveals", () =>
    serve(withoutKeys(), async (server) => {
      expect((await server.program(token.value).fetch("/authorize")).status).toBe(200);
      const admin = await server.signIn("admin");
      await expect(admin.mutate("revealApiToken", { id: token.id, purpose: "SHOW" })).rejects.toThrow(
        "key is not configured",
      );
      expect(await (await server.nobody().fetch("/readyz")).json()).toMatchObject({
        status: "degraded",
        keys: "missing",
      });
    }));

  test("A backup restored with the encryption keys allows reveals, checks and changes, and matches the saved heads", async () => {
    await serve(withKeys(), async (server) => {
      const admin = await server.signIn("admin");
      const reveal = await admin.mutate("revealApiToken", { id: token.id, purpose: "SHOW" });
      expect(reveal.value).toBe(token.value);
      const { apiTokens } = await admin.data("{ apiTokens(first: 100) { nodes { name } } }");
      const names = apiTokens.nodes.map(({ name }: { name: string }) => name);
      expect(names).toContain("In the backup");
      expect(names).not.toContain("After the backup");
      expect((await admin.mutate("disableApiToken", { id: token.id })).userErrors).toEqual([]);
      expect((await server.program(token.value).fetch("/authorize")).status).toBe(401);
      await expect(server.sql("DELETE FROM audit_record")).rejects.toThrow("never changed");
    });
    // A sign-in while the keys were missing left the head unsigned.
    const signed = await runCommand(["audit", "sign"], restored.dataDir, withKeys().env);
    expect([signed.status, signed.out]).toEqual([0, expect.stringContaining(`${accounts.client} signed, `)]);
    const { status, out } = await runCommand(["audit", "verify", "--head", heads], restored.dataDir, withKeys().env);
    expect([status, out]).toEqual([0, expect.stringContaining(`${accounts.client} intact`)]);
  });
});

const keysFile = ({ dataDir }: TestDatabase) => readFileSync(join(dataDir, "encryption-keys"), "utf8").trim();

async function placeSqlite({ dataDir }: TestDatabase, file: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  copyFileSync(file, join(dataDir, "hallpass.sqlite"));
}
