import { setTimeout as sleep } from "node:timers/promises";
import { mutations, queries } from "../../support/client.js";
import { createMariadbDatabase } from "../../support/database.js";
import { type Mariadb, startMariadb } from "../../support/mariadb.js";
import { until } from "../../support/programs.js";
import { TestServer } from "../../support/test-server.js";

describe("Database failure", () => {
  let mariadb: Mariadb;
  let server: TestServer;

  beforeAll(async () => {
    mariadb = await startMariadb();
    server = await TestServer.start({ database: await createMariadbDatabase(mariadb.port) });
  });
  afterAll(async () => {
    await mariadb.start().catch(() => {});
    await server.close().catch(() => {});
    await mariadb.remove();
  });

  test("Requests return 503 with a retry time while the database is unavailable, and recover without a restart", async () => {
    const admin = await server.as("admin");
    const token = await server.createToken({ name: "Kept" });
    const unseen = await server.createToken({ name: "Never checked" });
    const status = async (path: string, value?: string) =>
      (await (value ? server.program(value) : server.nobody()).fetch(path)).status;
    expect([await status("/authorize", token.value), await status("/readyz")]).toEqual([200, 200]);

    await mariadb.kill();
    const failed = await admin.ask(queries.apiToken, { id: token.id });
    expect([failed.status, failed.errors[0]?.extensions.code]).toEqual([503, "SERVICE_UNAVAILABLE"]);
    expect(Number(failed.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(failed.errors[0]?.message).not.toMatch(/ECONN|mysql|mariadb|127\.0/i);
    const change = await admin.ask(mutations.disableApiToken ?? "", { input: { id: token.id } });
    expect([change.status, change.errors[0]?.extensions.code]).toEqual([503, "SERVICE_UNAVAILABLE"]);
    expect(
      (await server.nobody().ask(mutations.signIn ?? "", { input: { email: "a@b.example", password: "x" } })).status,
    ).toBe(503);
    expect([await status("/readyz"), await status("/healthz")]).toEqual([503, 200]);

    // A check that cannot decide returns 503: at once for an uncached token, after the bound for a cached one.
    const check = await server.program(unseen.value).fetch("/authorize");
    expect([check.status, Number(check.headers.get("retry-after")) > 0]).toEqual([503, true]);
    await sleep(1_200);
    expect(await status("/authorize", token.value)).toBe(503);
    const metrics = await (await server.nobody().fetch("/metrics")).text();
    expect(metrics).toMatch(/^hallpass_checks_total\{outcome="undecided"\} [2-9]/m);
    expect(metrics).toMatch(/^hallpass_faults_total [1-9]/m);

    await mariadb.start();
    await until(async () => (await status("/readyz")) === 200);
    expect(await status("/authorize", token.value)).toBe(200);
    expect((await admin.data(queries.apiToken, { id: token.id })).apiToken).toMatchObject({
      name: "Kept",
      status: "ACTIVE",
    });
    expect((await admin.mutate("disableApiToken", { id: token.id })).userErrors).toEqual([]);
  });
});
