import { useServer } from "./support/test-server.js";

describe("the database's schema", () => {
  const server = useServer({ platform: null });

  test("is what the entities say: there is nothing to synchronise", async () => {
    const { upQueries } = await server().app.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
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
