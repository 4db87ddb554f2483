import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../src/config.js";
import { createDatabase } from "../support/database.js";
import { TestServer } from "../support/test-server.js";

describe("the embedded database's encryption key", () => {
  test("is made at the first start, is for its owner alone, and stays", async () => {
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
    ["is empty", (file) => writeFileSync(file, ""), "has no key"],
    ["holds something else", (file) => writeFileSync(file, "k1:short"), "must give 32 bytes"],
    ["cannot be read", (file) => mkdirSync(file), "cannot be read"],
  ])("stops a start in words, by its name, when its file %s", async (_what, spoil, words) => {
    const database = await createDatabase();
    const file = join(database.dataDir, "encryption-keys");
    spoil(file);
    const start = TestServer.start({ database });
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(`${file} ${words}`);
    await database.remove();
  });
});
