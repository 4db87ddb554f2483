import type { MigrationInterface, QueryRunner } from "typeorm";

const table = "api_token";
const columns = { ip_ranges: "text", rate_limit_requests: "int", rate_limit_seconds: "int" } as const;

/**
 * A token's IP ranges and rate limit. In plain SQL, as TypeORM would rebuild SQLite's table, and rows that refer to it
 * cascade.
 */
export class TokenLimits1764500000000 implements MigrationInterface {
  name = "TokenLimits1764500000000";

  // MariaDB commits each statement separately, so after a migration was killed, some of this may already exist.
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [column, type] of Object.entries(columns)) {
      if (await queryRunner.hasColumn(table, column)) continue;
      const native = queryRunner.dataSource.driver.normalizeType({ type });
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${native} NULL`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const column of Object.keys(columns))
      if (await queryRunner.hasColumn(table, column))
        await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }
}
