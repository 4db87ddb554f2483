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

const savedViews = new Table({
  name: "saved_view",
  columns: [
    { name: "id", ...id, isPrimary: true },
    { name: "account_id", ...id },
    { name: "owner_id", ...id, isNullable: true },
    { name: "list", ...text(24) },
    { name: "name", ...text(60) },
    { name: "query", ...text(4_000) },
  ],
  indices: [
    { name: "ix_saved_view_account", columnNames: ["account_id", "owner_id"] },
    { name: "ix_saved_view_owner", columnNames: ["owner_id"] },
  ],
  foreignKeys: [
    cascade("fk_saved_view_account", "account_id", "account"),
    cascade("fk_saved_view_owner", "owner_id", "user"),
  ],
});

const defaultViews = new Table({
  name: "default_view",
  columns: [
    { name: "user_id", ...id, isPrimary: true },
    { name: "account_id", ...id, isPrimary: true },
    { name: "list", ...text(24), isPrimary: true },
    { name: "view_id", ...id },
  ],
  indices: [
    { name: "ix_default_view_account", columnNames: ["account_id"] },
    { name: "ix_default_view_view", columnNames: ["view_id"] },
  ],
  foreignKeys: [
    cascade("fk_default_view_user", "user_id", "user"),
    cascade("fk_default_view_account", "account_id", "account"),
    cascade("fk_default_view_view", "view_id", "saved_view"),
  ],
});

/** Saved views of the web app's lists, and each person's default ones. */
export class SavedViews1764600000000 implements MigrationInterface {
  name = "SavedViews1764600000000";

  // MariaDB commits each table separately, so after a migration was killed, the first may already exist.
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(savedViews, true);
    await queryRunner.createTable(defaultViews, true);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable("default_view", true);
    await queryRunner.dropTable("saved_view", true);
  }
}
