import type { MigrationInterface, QueryRunner } from "typeorm";

const columns = { ip: "varchar(45)", user_agent: "varchar(255)", authenticated_at: "datetime(3)" };

/** From where a session was last used, with which browser, and when its person last proved who they are. */
export class SessionDetails1764900000000 implements MigrationInterface {
  name = "SessionDetails1764900000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    // MariaDB commits each statement separately, so after a migration was killed, the first may already exist.
    for (const [column, type] of Object.entries(columns))
      if (!(await queryRunner.hasColumn("session", column)))
        await queryRunner.query(`ALTER TABLE session ADD COLUMN ${column} ${type}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const column of Object.keys(columns)) await queryRunner.query(`ALTER TABLE session DROP COLUMN ${column}`);
  }
}
