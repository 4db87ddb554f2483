import { randomUUID } from "node:crypto";
import { type MigrationInterface, type QueryRunner, Table } from "typeorm";

/** An ID of the database's history, which `migrate` renews, as after a restore. See db/history.ts. */
export class History1764300000000 implements MigrationInterface {
  name = "History1764300000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    const { driver } = queryRunner.dataSource;
    const columns = [
      { name: "id", type: driver.normalizeType({ type: "int" }), isPrimary: true },
      { name: "history_id", type: "varchar", length: "36" },
    ];
    await queryRunner.createTable(new Table({ name: "database_history", columns }), true);
    // MariaDB commits the table separately, so after a migration was killed, the row may already exist.
    const [row] = await queryRunner.query("SELECT id FROM database_history WHERE id = 1");
    if (!row) await queryRunner.query("INSERT INTO database_history (id, history_id) VALUES (1, ?)", [randomUUID()]);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable("database_history");
  }
}
