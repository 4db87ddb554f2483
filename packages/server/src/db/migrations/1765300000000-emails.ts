import { type MigrationInterface, type QueryRunner, Table, type TableForeignKeyOptions } from "typeorm";

const cascade = (name: string, column: string, table: string): TableForeignKeyOptions => ({
  name,
  columnNames: [column],
  referencedTableName: table,
  referencedColumnNames: ["id"],
  onDelete: "CASCADE",
  onUpdate: "NO ACTION",
});

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
        { name: "user_id", type: "varchar", length: "24" },
        { name: "as_administrator", ...int },
        { name: "kind", type: "varchar", length: "16" },
        { name: "subject", type: "varchar", length: "255" },
        { name: "body", type: "text" },
        { name: "created_at", ...time },
        { name: "attempts", ...int },
        { name: "next_attempt_at", ...time, isNullable: true },
      ],
      indices: [
        { name: "ix_email_due", columnNames: ["kind", "next_attempt_at"] },
        { name: "ix_email_account", columnNames: ["account_id", "kind", "created_at"] },
        { name: "ix_email_created", columnNames: ["created_at"] },
      ],
      foreignKeys: [cascade("fk_email_account", "account_id", "account"), cascade("fk_email_user", "user_id", "user")],
    });
    await queryRunner.createTable(table, true);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable("email", true);
  }
}
