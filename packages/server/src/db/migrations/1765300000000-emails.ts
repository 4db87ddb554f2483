import { type MigrationInterface, type QueryRunner, Table } from "typeorm";

/** Emails to send. */
export class Emails1765300000000 implements MigrationInterface {
  name = "Emails1765300000000";

  // MariaDB commits each statement separately, so after a migration was killed, some of this may already exist.
  async up(queryRunner: QueryRunner): Promise<void> {
    const { driver } = queryRunner.dataSource;
    const int = { type: driver.normalizeType({ type: "int" }) };
    const time = { type: driver.normalizeType({ type: "datetime" }), precision: 3 };
    const table = new Table({
      name: "email",
      columns: [
        { name: "id", type: "varchar", length: "24", isPrimary: true },
        { name: "account_id", type: "varchar", length: "24" },
        { name: "kind", type: "varchar", length: "16" },
        { name: "recipient", type: "varchar", length: "254" },
        { name: "subject", type: "varchar", length: "255" },
        { name: "body", type: "text" },
        { name: "created_at", ...time },
        { name: "attempts", ...int },
        { name: "next_attempt_at", ...time, isNullable: true },
      ],
      indices: [
        { name: "ix_email_due", columnNames: ["next_attempt_at"] },
        { name: "ix_email_account", columnNames: ["account_id", "kind", "created_at"] },
        { name: "ix_email_created", columnNames: ["created_at"] },
      ],
      foreignKeys: [
        {
          name: "fk_email_account",
          columnNames: ["account_id"],
          referencedTableName: "account",
          referencedColumnNames: ["id"],
          onDelete: "CASCADE",
          onUpdate: "NO ACTION",
        },
      ],
    });
    await queryRunner.createTable(table, true);
    const [row] = await queryRunner.query("SELECT 1 FROM lease WHERE name = 'emails'");
    if (!row)
      await queryRunner.query(
        "INSERT INTO lease (name, holder, expires_at) VALUES ('emails', '', '2000-01-01 00:00:00.000')",
      );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("DELETE FROM lease WHERE name = 'emails'");
    await queryRunner.dropTable("email", true);
  }
}
