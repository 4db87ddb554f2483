import type { MigrationInterface, QueryRunner } from "typeorm";

const table = "account";
const column = "closed_at";

/** When an account was closed. In plain SQL: TypeORM would build SQLite's table anew, and rows that refer to it cascade. */
export class ClosedAccounts1764100000000 implements MigrationInterface {
  name = "ClosedAccounts1764100000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    // MariaDB commits each statement by itself: a migration that was killed finds what it made before.
    if (await queryRunner.hasColumn(table, column)) return;
    await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} datetime(3) NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    if (await queryRunner.hasColumn(table, column))
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }
}
