import { testPlatform } from "../support/platform.js";
import { useServer } from "../support/test-server.js";

describe("Database schema", () => {
  const server = useServer({ platform: null });

  test("The schema matches the entities", async () => {
    const { upQueries } = await server().app.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  test("Later migrations keep stored data", async () => {
    await server().apply(testPlatform());
    const { id } = await server().createToken();
    await server().createToken();
    const access = ["2026-06-30 12:00:00.123", "203.0.113.1", "robot/1"];
    await server().sql("UPDATE api_token_access SET last_access_at = ?, ip = ?, user_agent = ? WHERE token_id = ?", [
      ...access,
      id,
    ]);
    const accesses = () =>
      server().sql(
        "SELECT token_id, account_id, deleted, last_access_at, ip, user_agent FROM api_token_access ORDER BY token_id",
      );
    const accessesBefore = await accesses();
    const tables = ["account_module", "membership", "audit_record", "audit_head"];
    const rows = () => Promise.all(tables.map((table) => server().sql(`SELECT COUNT(*) AS count FROM ${table}`)));
    const before = await rows();
    const { dataSource } = server().app;
    for (let each = 1; each < dataSource.migrations.length; each++) await dataSource.undoLastMigration();
    await dataSource.runMigrations();
    expect(await rows()).toEqual(before);
    expect(await accesses()).toEqual(accessesBefore);
    expect(accessesBefore).toHaveLength(2);
  });

  test("All migrations can be reverted and rerun", async () => {
    const { dataSource } = server().app;
    const migrations = dataSource.migrations.length;
    for (let each = 0; each < migrations; each++) await dataSource.undoLastMigration();
    expect(await dataSource.runMigrations()).toHaveLength(migrations);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries).toEqual([]);
  });
});
