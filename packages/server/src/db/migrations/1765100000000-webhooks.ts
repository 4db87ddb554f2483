import { type MigrationInterface, type QueryRunner, Table, type TableForeignKeyOptions } from "typeorm";

const id = { type: "varchar", length: "24" };
const text = (length: number) => ({ type: "varchar", length: String(length) });

const cascade = (name: string, column: string, table: string): TableForeignKeyOptions => ({
  name,
  columnNames: [column],
  referencedTableName: table,
  referencedColumnNames: ["id"],
  onDelete: "CASCADE",
  onUpdate: "NO ACTION",
});

/** Webhooks, and what was and is to be delivered to them. */
export class Webhooks1765100000000 implements MigrationInterface {
  name = "Webhooks1765100000000";

  // MariaDB commits each statement separately, so after a migration was killed, some of this may already exist.
  async up(queryRunner: QueryRunner): Promise<void> {
    const { driver } = queryRunner.dataSource;
    const int = { type: driver.normalizeType({ type: "int" }) };
    const time = { type: driver.normalizeType({ type: "datetime" }), precision: 3 };
    const webhooks = new Table({
      name: "webhook",
      columns: [
        { name: "id", ...id, isPrimary: true },
        { name: "account_id", ...id },
        { name: "url", ...text(2_000) },
        { name: "events", ...text(1_000) },
        { name: "enabled", ...int },
        { name: "created_at", ...time },
        { name: "sequence", ...int },
        { name: "secret", type: "blob" },
        { name: "key_id", ...text(64) },
        { name: "previous_secret", type: "blob", isNullable: true },
        { name: "previous_key_id", ...text(64), isNullable: true },
        { name: "previous_until", ...time, isNullable: true },
      ],
      indices: [{ name: "ix_webhook_account", columnNames: ["account_id"] }],
      foreignKeys: [cascade("fk_webhook_account", "account_id", "account")],
    });
    const deliveries = new Table({
      name: "webhook_delivery",
      columns: [
        { name: "id", ...id, isPrimary: true },
        { name: "webhook_id", ...id },
        { name: "message_id", ...text(48) },
        { name: "sequence", ...int, isNullable: true },
        { name: "event", ...text(64) },
        { name: "status", ...text(16) },
        { name: "attempts", ...int },
        { name: "created_at", ...time },
        { name: "next_attempt_at", ...time, isNullable: true },
        { name: "last_attempt_at", ...time, isNullable: true },
        { name: "response_status", ...int, isNullable: true },
        { name: "response", ...text(500), isNullable: true },
      ],
      indices: [
        { name: "ix_webhook_delivery_due", columnNames: ["webhook_id", "next_attempt_at", "sequence"] },
        { name: "ix_webhook_delivery_listed", columnNames: ["webhook_id", "created_at", "id"] },
        { name: "ix_webhook_delivery_status", columnNames: ["webhook_id", "status", "created_at", "id"] },
        { name: "ix_webhook_delivery_created", columnNames: ["created_at"] },
        { name: "ux_webhook_delivery_message", columnNames: ["webhook_id", "message_id"], isUnique: true },
      ],
      foreignKeys: [cascade("fk_webhook_delivery_webhook", "webhook_id", "webhook")],
    });
    await queryRunner.createTable(webhooks, true);
    await queryRunner.createTable(deliveries, true);
    const [row] = await queryRunner.query("SELECT 1 FROM lease WHERE name = 'webhooks'");
    if (!row)
      await queryRunner.query(
        "INSERT INTO lease (name, holder, expires_at) VALUES ('webhooks', '', '2000-01-01 00:00:00.000')",
      );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("DELETE FROM lease WHERE name = 'webhooks'");
    await queryRunner.dropTable("webhook_delivery", true);
    await queryRunner.dropTable("webhook", true);
  }
}
