import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../../src/infra/config.js";
import { createDatabase } from "../../support/database.js";
import { TestServer } from "../../support/test-server.js";

describe("Key file of the embedded database", () => {
  test("The key file is created at the first start, accessible only to its owner, and kept", async () => {
    const server = await TestServer.start();
    const file = join(server.database.dataDir, "encryption-keys");
    const first = readFileSync(file, "utf8");
    const { id, value } = await server.createToken();
    await server.stop();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(server.database.dataDir).filter((name) => name.includes("keys"))).toEqual(["encryption-keys"]);
    expect(first).toMatch(/^k1:[A-Za-z0-9+/]{43}=\n$/);

    const again = await TestServer.start({ database: server.database, platform: null });
    const admin = await again.signIn("admin");
    expect(await admin.mutate("revealApiToken", { id, purpose: "SHOW" })).toEqual({ value, userErrors: [] });
    expect(readFileSync(file, "utf8")).toBe(first);
    await again.close();
  });

  test.each<[string, (file: string) => void, string]>([
    ["is empty", (file) => writeFileSync(file, "", { mode: 0o600 }), "has no key"],
    ["is malformed", (file) => writeFileSync(file, "k1:short", { mode: 0o600 }), "must have 32 bytes"],
    ["cannot be read", (file) => mkdirSync(file, { mode: 0o700 }), "cannot be read"],
  ])("A start fails and names the key file if it %s", async (_what, spoil, words) => {
    const database = await createDatabase();
    const file = join(database.dataDir, "encryption-keys");
    spoil(file);
    const start = TestServer.start({ database });
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(`${file} ${words}`);
    await database.remove();
  });

  test("A start fails if every user can read or change the key file, and warns if a group can", async () => {
    const server = await TestServer.start();
    await server.stop();
    const { database } = server;
    const file = join(database.dataDir, "encryption-keys");
    for (const mode of [0o644, 0o604, 0o602, 0o666]) {
      chmodSync(file, mode);
      const start = TestServer.start({ database, platform: null });
      await expect(start).rejects.toThrow(ConfigError);
      await expect(start).rejects.toThrow(
        `${file} can be read or changed by every user of this machine. Run chmod 600`,
      );
    }
    for (const [mode, warnings] of [
      [0o640, [expect.objectContaining({ level: 40, path: file, mode: "0640" })]],
      [0o600, []],
    ] as const) {
      chmodSync(file, mode);
      const again = await TestServer.start({ database, platform: null });
      expect(warningsOf(again)).toEqual(warnings);
      await again.stop();
    }
    await database.remove();
  });
});

describe("HALLPASS_ENCRYPTION_KEYS_FILE", () => {
  test.each([
    // As Docker and Kubernetes mount secrets, which containers cannot change.
    ["0444", true],
    ["0644", true],
    ["0660", true],
    ["0602", true],
    // For the owner or, as with Kubernetes' fsGroup, a group.
    ["0440", false],
    ["0640", false],
    ["0400", false],
    ["0600", false],
  ])("A key file of mode %s is accepted, with a warning that others can access it: %p", async (mode, isWarned) => {
    const database = await createDatabase();
    const file = join(database.dataDir, "keys-elsewhere");
    writeFileSync(file, `k1:${Buffer.alloc(32, 7).toString("base64")}`);
    chmodSync(file, Number.parseInt(mode, 8));
    const server = await TestServer.start({ database, env: { HALLPASS_ENCRYPTION_KEYS_FILE: file } });
    const expected = { level: 40, path: file, mode };
    expect(warningsOf(server)).toEqual(isWarned ? [expect.objectContaining(expected)] : []);
    await server.close();
  });
});

const warningsOf = ({ log }: TestServer) =>
  log.map((line) => JSON.parse(line)).filter(({ msg }) => /encryption key file/.test(msg));
