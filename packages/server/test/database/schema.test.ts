import { testPlatform } from "../support/platform.js";
import { useServer } from "../support/test-server.js";

describe("the database's schema", () => {
  const server = useServer({ platform: null });

  test("is what the entities say: there is nothing to synchronise", async () => {
    const { upQueries } = await server().app.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  test("Later migrations keep what is stored", async () => {
    await server().apply(testPlatform());
    const tables = ["account_module", "membership", "audit_record", "audit_head"];
    const rows = () => Promise.all(tables.map((table) => server().sql(`SELECT COUNT(*) AS count FROM ${table}`)));
    const before = await rows();
    const { dataSource } = server().app;
    for (let each = 1; each < dataSource.migrations.length; each++) await dataSource.undoLastMigration();
    await dataSource.runMigrations();
    expect(await rows()).toEqual(before);
  });

  test("can be taken back to nothing, and made again", async () => {
    const { dataSource } = server().app;
    const migrations = dataSource.migrations.length;
    for (let each = 0; each < migrations; each++) await dataSource.undoLastMigration();
    expect(await dataSource.runMigrations()).toHaveLength(migrations);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries).toEqual([]);
  });
});
