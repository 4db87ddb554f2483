import { join } from "node:path";
import type { Client } from "../../support/client.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { modules } from "../../support/platform.js";
import { applyPlatformFile, decided, HallpassProcess, holdsWithinTheBound } from "../../support/programs.js";

const fiveMinutesMs = 5 * 60_000;

describe("Processes whose clocks differ by five minutes", () => {
  let database: TestDatabase;
  const processes: HallpassProcess[] = [];
  let admins: Client[];

  beforeAll(async () => {
    database = await createDatabase();
    await applyPlatformFile(database.env);
    for (const shift of [0, fiveMinutesMs, -fiveMinutesMs]) {
      const clock = { NODE_OPTIONS: `--require ${join(__dirname, "../../support/shifted-clock.cjs")}` };
      processes.push(await HallpassProcess.start({ ...database.env, ...clock, SHIFT_MS: String(shift) }));
    }
    admins = await Promise.all(processes.map((process) => process.signIn("admin")));
  });
  afterAll(async () => {
    for (const process of processes) await process.kill();
    await database?.remove();
  });

  test("The clocks differ", async () => {
    const clocks = await Promise.all(
      admins.map(async (admin) => {
        const { apiToken } = await admin.mutate("createApiToken", { name: "Robot", moduleIds: [modules.orders] });
        return Date.parse(apiToken.createdAt) - Date.now();
      }),
    );
    expect(clocks.map((ms) => Math.round(ms / 60_000) + 0)).toEqual([0, 5, -5]);
  });

  test.each([0, 1, 2])("A token disabled at process %i is denied by all within the bound", async (at) => {
    const input = { name: "Robot", moduleIds: [modules.orders] };
    const { apiToken, value } = await (admins[at] as Client).mutate("createApiToken", input);
    for (const process of processes) expect(await decided(() => process.check(value))).toBe(200);
    await (admins[at] as Client).mutate("disableApiToken", { id: apiToken.id });
    const acknowledgedAt = performance.now();
    await Promise.all(processes.map((process) => holdsWithinTheBound(() => process.check(value), 401, acknowledgedAt)));
  });
});
