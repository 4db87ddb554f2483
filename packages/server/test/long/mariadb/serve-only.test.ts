import { createDatabase, type TestDatabase } from "../../support/database.js";
import { modules } from "../../support/platform.js";
import { applyPlatformFile, HallpassProcess, holdsWithinTheBound, runCommand } from "../../support/programs.js";

describe("Separate check processes", () => {
  let database: TestDatabase;
  let checks: HallpassProcess;
  let app: HallpassProcess;

  beforeAll(async () => {
    database = await createDatabase();
    await applyPlatformFile(database.env);
    checks = await HallpassProcess.start(database.env, undefined, "--only", "checks");
    app = await HallpassProcess.start(database.env, undefined, "--only", "app");
  });
  afterAll(async () => {
    await Promise.all([checks?.stop(), app?.stop()]);
    await database?.remove();
  });

  const statusOf = async ({ url }: HallpassProcess, path: string, method = "GET") => {
    const response = await fetch(url + path, { method });
    await response.arrayBuffer();
    return response.status;
  };

  test("The process for checks serves neither the API nor the web app", async () => {
    for (const path of ["/", "/settings/api-tokens", "/graphql", "/graphiql", "/exports/audit-trail.csv"])
      expect([path, await statusOf(checks, path)]).toEqual([path, 404]);
    expect(await statusOf(checks, "/graphql", "POST")).toBe(404);
  });

  test("The process for the app answers no check", async () => {
    expect(await statusOf(app, "/authorize")).toBe(404);
    expect(await statusOf(app, "/authorize/any")).toBe(404);
    expect(await statusOf(app, "/oauth2/introspect", "POST")).toBe(404);
  });

  test.each(["/healthz", "/readyz", "/metrics"])("Both processes answer %s", async (path) => {
    expect(await Promise.all([statusOf(checks, path), statusOf(app, path)])).toEqual([200, 200]);
  });

  test("A token disabled through the app is denied by the process for checks within the bound", async () => {
    const admin = await app.signIn("admin");
    const { apiToken, value } = await admin.mutate("createApiToken", { name: "Robot", moduleIds: [modules.catalogue] });
    expect(await checks.check(value)).toBe(200);
    await admin.mutate("disableApiToken", { id: apiToken.id });
    await holdsWithinTheBound(() => checks.check(value), 401);
  });

  test("A separate process fails to start on the embedded database", async () => {
    const { DATABASE_URL: _, ...env } = database.env;
    await expect(runCommand(env, "serve", "--only", "checks")).rejects.toThrow("ended with");
  });
});
