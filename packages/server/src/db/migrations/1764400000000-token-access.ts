import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from "typeorm";

const table = "api_token_access";
const tokensPerStep = 10_000;
const oldIndex = "ix_api_token_last_access_at";
const oldColumns = { last_access_at: "datetime(3)", last_access_ip: "varchar(45)", last_access_agent: "varchar(255)" };
const dayIndex = "ix_token_usage_day";

/** Moves last accesses to a narrow table of their own, and adds an index for clearing old usage. */
export class TokenAccess1764400000000 implements MigrationInterface {
  name = "TokenAccess1764400000000";

  // MariaDB commits each statement separately, so after a migration was killed, some of this may already exist.
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(tokenAccess(queryRunner), true);
    if (await queryRunner.hasColumn("api_token", "last_access_at")) {
      await eachStep(queryRunner, (range) =>
        queryRunner.query(
          `INSERT INTO ${table} (token_id, account_id, deleted, last_access_at, ip, user_agent)
           SELECT id, account_id, deleted, last_access_at, last_access_ip, last_access_agent FROM api_token
           WHERE ${range.sql} AND NOT EXISTS (SELECT 1 FROM ${table} WHERE token_id = api_token.id)`,
          range.parameters,
        ),
      );
      await dropOldColumns(queryRunner);
    }
    if (!(await hasIndex(queryRunner, "token_usage", dayIndex)))
      await queryRunner.query(`CREATE INDEX ${dayIndex} ON token_usage (day)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    if (await hasIndex(queryRunner, "token_usage", dayIndex)) await queryRunner.dropIndex("token_usage", dayIndex);
    for (const [column, type] of Object.entries(oldColumns))
      if (!(await queryRunner.hasColumn("api_token", column)))
        await queryRunner.query(`ALTER TABLE api_token ADD COLUMN ${column} ${type} NULL`);
    const stored = (column: string) => `(SELECT ${column} FROM ${table} WHERE token_id = api_token.id)`;
    await eachStep(queryRunner, (range) =>
      queryRunner.query(
        `UPDATE api_token SET last_access_at = ${stored("last_access_at")}, last_access_ip = ${stored("ip")},
         last_access_agent = ${stored("user_agent")} WHERE ${range.sql}`,
        range.parameters,
      ),
    );
    if (!(await hasIndex(queryRunner, "api_token", oldIndex)))
      await queryRunner.query(`CREATE INDEX ${oldIndex} ON api_token (account_id, deleted, last_access_at, id)`);
    await queryRunner.dropTable(table);
  }
}

function tokenAccess({ dataSource: { driver } }: QueryRunner): Table {
  const native = (type: string) => driver.normalizeType({ type: type as never });
  const id: Omit<TableColumnOptions, "name"> = { type: "varchar", length: "24" };
  return new Table({
    name: table,
    columns: [
      { name: "token_id", ...id, isPrimary: true },
      { name: "account_id", ...id },
      { name: "deleted", type: native("int") },
      { name: "last_access_at", type: native("datetime"), precision: 3, isNullable: true },
      { name: "ip", type: "varchar", length: "45", isNullable: true },
      { name: "user_agent", type: "varchar", length: "255", isNullable: true },
    ],
    indices: [{ name: "ix_api_token_access_at", columnNames: ["account_id", "deleted", "last_access_at", "token_id"] }],
    foreignKeys: [
      {
        name: "fk_api_token_access_token",
        columnNames: ["token_id"],
        referencedTableName: "api_token",
        referencedColumnNames: ["id"],
        onDelete: "NO ACTION",
        onUpdate: "NO ACTION",
      },
    ],
  });
}

/** Runs the step for one range of tokens after the other, so that no statement takes long. */
async function eachStep(
  queryRunner: QueryRunner,
  step: (range: { sql: string; parameters: string[] }) => Promise<unknown>,
): Promise<void> {
  for (let after = ""; ; ) {
    const [last] = await queryRunner.query(
      `SELECT id FROM api_token WHERE id > ? ORDER BY id LIMIT 1 OFFSET ${tokensPerStep - 1}`,
      [after],
    );
    if (!last) return void (await step({ sql: "id > ?", parameters: [after] }));
    await step({ sql: "id > ? AND id <= ?", parameters: [after, last.id] });
    after = last.id;
  }
}

/** In plain SQL, as TypeORM would rebuild SQLite's table, and rows that refer to it cascade. */
async function dropOldColumns(queryRunner: QueryRunner): Promise<void> {
  const columns = Object.keys(oldColumns).map((column) => `DROP COLUMN ${column}`);
  const hasOldIndex = await hasIndex(queryRunner, "api_token", oldIndex);
  if (queryRunner.dataSource.options.type === "mariadb") {
    const changes = [...(hasOldIndex ? [`DROP INDEX ${oldIndex}`] : []), ...columns];
    await queryRunner.query(`ALTER TABLE api_token ${changes.join(", ")}`);
    return;
  }
  if (hasOldIndex) await queryRunner.query(`DROP INDEX ${oldIndex}`);
  for (const change of columns) await queryRunner.query(`ALTER TABLE api_token ${change}`);
}

async function hasIndex(queryRunner: QueryRunner, tableName: string, index: string): Promise<boolean> {
  const found = await queryRunner.getTable(tableName);
  return Boolean(found?.indices.some(({ name }) => name === index));
}
