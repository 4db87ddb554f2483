import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { TestServer } from "../support/test-server.js";

describe("the embedded database's encryption key", () => {
  test("is made at the first start, is for its owner alone, and stays", async () => {
    const server = await TestServer.start();
    const file = join(server.database.dataDir, "encryption-keys");
    const first = readFileSync(file, "utf8");
    const { id, value } = await server.createToken();
    await server.stop();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(first).toMatch(/^k1:[A-Za-z0-9+/]{43}=\n$/);

    const again = await TestServer.start({ database: server.database, platform: null });
    const admin = await again.signIn("admin");
    expect(await admin.mutate("revealApiToken", { id, purpose: "SHOW" })).toEqual({ value, userErrors: [] });
    expect(readFileSync(file, "utf8")).toBe(first);
    await again.close();
  });
});
