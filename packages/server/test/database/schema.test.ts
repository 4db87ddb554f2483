import { type DataSource, MigrationExecutor } from "typeorm";
import { TokenAccess1764400000000 } from "../../src/db/migrations/1764400000000-token-access.js";
import { migrations } from "../../src/db/migrations/index.js";
import { testPlatform } from "../support/platform.js";
import { useServer } from "../support/test-server.js";

/** Position of the newest migration that did more than add. Release 0.1.0 ended before it. */
const lastOf010 = migrations.indexOf(TokenAccess1764400000000);

interface TableDescription {
  /** Columns that an INSERT must name, and everything that can make a row invalid. */
  required: string[];
  /** Everything an older release may rely on. */
  all: Set<string>;
}

async function describeTables(dataSource: DataSource): Promise<Map<string, TableDescription>> {
  const runner = dataSource.createQueryRunner();
  const tables = await runner.getTables(dataSource.entityMetadatas.map(({ tableName }) => tableName));
  await runner.release();
  return new Map(
    tables.map(({ name, columns, indices, foreignKeys, uniques, checks }) => {
      const mustBeNamed = columns.filter((column) => !column.isNullable && column.default === undefined);
      const constraints = [
        ...foreignKeys.map((key) => `${key.columnNames} in ${key.referencedTableName}`),
        ...[...indices.filter(({ isUnique }) => isUnique), ...uniques].map((each) => `${each.columnNames} unique`),
        ...checks.map((check) => check.expression ?? ""),
      ];
      const columnTypes = columns.map((column) => `${column.name} ${column.type}(${column.length})`);
      return [
        name.split(".").at(-1) ?? "",
        {
          required: [...mustBeNamed.map((column) => column.name), ...constraints].sort(),
          all: new Set([...columnTypes, ...indices.map((index) => `index of ${index.columnNames}`), ...constraints]),
        },
      ];
    }),
  );
}

/** What an older release could not do any more: read what is gone, or insert rows as before. */
function changesBetween(before: Map<string, TableDescription>, after: Map<string, TableDescription>): object[] {
  return [...before].flatMap(([table, { required, all }]) => {
    const now = after.get(table);
    const gone = [...all].filter((each) => !now?.all.has(each));
    const isSame = JSON.stringify(now?.required) === JSON.stringify(required);
    return gone.length === 0 && isSame ? [] : [{ table, gone, required, requiredNow: now?.required }];
  });
}

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

  test("Migrations since 0.1.0 only add, so that the previous release can run beside the next", async () => {
    const { dataSource } = server().app;
    const since = dataSource.migrations.length - lastOf010 - 1;
    for (let each = 0; each < since; each++) await dataSource.undoLastMigration();
    for (const { name } of dataSource.migrations.slice(lastOf010 + 1)) {
      const before = await describeTables(dataSource);
      // One at a time.
      const executor = new MigrationExecutor(dataSource);
      const [next] = await executor.getPendingMigrations();
      expect(next?.name).toBe(name);
      if (next) await executor.executeMigration(next);
      expect({ name, changes: changesBetween(before, await describeTables(dataSource)) }).toEqual({
        name,
        changes: [],
      });
    }
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
