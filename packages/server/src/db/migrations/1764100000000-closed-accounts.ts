import type { MigrationInterface, QueryRunner } from "typeorm";

const table = "account";
const column = "closed_at";

/**
 * When an account was closed. In plain SQL, as TypeORM would rebuild SQLite's table, and rows that refer to it cascade.
 */
export class ClosedAccounts1764100000000 implements MigrationInterface {
  name = "ClosedAccounts1764100000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    // MariaDB commits each statement separately, so after a migration was killed, the column may already exist.
    if (await queryRunner.hasColumn(table, column)) return;
    await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} datetime(3) NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    if (await queryRunner.hasColumn(table, column))
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }
}
