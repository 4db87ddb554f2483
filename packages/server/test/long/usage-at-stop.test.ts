import { createDatabase } from "../support/database.js";
import { modules } from "../support/platform.js";
import { applyPlatformFile, HallpassProcess, isStoredInTime, until } from "../support/programs.js";
import { TestServer } from "../support/test-server.js";

describe("Usage at shutdown", () => {
  test("Usage is stored within five seconds, and none is lost when the process stops under load", async () => {
    const database = await createDatabase();
    await applyPlatformFile(database.env);
    const process = await HallpassProcess.start(database.env);
    const admin = await process.signIn("admin");
    const created = { name: "Robot", moduleIds: [modules.catalogue] };
    const { apiToken, value } = await admin.mutate("createApiToken", created);
    const readings = await TestServer.start({ database, platform: null });
    const allowed = async (): Promise<number> =>
      (await readings.sql("SELECT SUM(allowed) AS allowed FROM token_usage WHERE token_id = ?", [apiToken.id]))[0]
        .allowed;
    try {
      expect(await process.check(value)).toBe(200);
      await isStoredInTime(async () => Number(await allowed()) === 1);

      let passed = 1;
      let stopping = false;
      const ask = async () => {
        while (!stopping) {
          const status = await process.check(value).catch(() => null);
          if (status === 200) passed++;
        }
      };
      const load = Promise.all([ask(), ask(), ask(), ask()]);
      await until(() => passed > 200);
      const status = await process.stop();
      stopping = true;
      await load;
      expect(status).toBe(0);
      // A check may be counted although its response did not arrive.
      expect(Number(await allowed())).toBeGreaterThanOrEqual(passed);
      expect(Number(await allowed())).toBeLessThanOrEqual(passed + 4);
    } finally {
      await process.kill();
      await readings.close();
    }
  });
});
