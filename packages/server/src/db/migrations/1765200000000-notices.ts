import { type MigrationInterface, type QueryRunner, Table } from "typeorm";

/** Which notices about tokens were given. */
export class Notices1765200000000 implements MigrationInterface {
  name = "Notices1765200000000";

  // MariaDB commits each statement separately, so after a migration was killed, some of this may already exist.
  async up(queryRunner: QueryRunner): Promise<void> {
    const time = { type: queryRunner.dataSource.driver.normalizeType({ type: "datetime" }), precision: 3 };
    const columns = [
      { name: "token_id", type: "varchar", length: "24", isPrimary: true },
      { name: "kind", type: "varchar", length: "16", isPrimary: true },
      { name: "about", ...time },
      { name: "at", ...time },
      { name: "emailed_at", ...time, isNullable: true },
    ];
    const indices = [{ name: "ix_token_notice_unsent", columnNames: ["emailed_at", "kind", "at"] }];
    const toToken = {
      name: "fk_token_notice_token",
      columnNames: ["token_id"],
      referencedTableName: "api_token",
      referencedColumnNames: ["id"],
      onDelete: "CASCADE",
      onUpdate: "NO ACTION",
    };
    await queryRunner.createTable(new Table({ name: "token_notice", columns, indices, foreignKeys: [toToken] }), true);
    const [row] = await queryRunner.query("SELECT 1 FROM lease WHERE name = 'notices'");
    if (!row)
      await queryRunner.query(
        "INSERT INTO lease (name, holder, expires_at) VALUES ('notices', '', '2000-01-01 00:00:00.000')",
      );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("DELETE FROM lease WHERE name = 'notices'");
    await queryRunner.dropTable("token_notice", true);
  }
}
