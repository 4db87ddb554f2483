import { type MigrationInterface, type QueryRunner, Table } from "typeorm";

/** Leases, by which one process at a time does a task. */
export class Lease1764700000000 implements MigrationInterface {
  name = "Lease1764700000000";

  // MariaDB commits the table separately, so after a migration was killed, it may already exist.
  async up(queryRunner: QueryRunner): Promise<void> {
    const datetime = queryRunner.dataSource.driver.normalizeType({ type: "datetime" });
    const table = new Table({
      name: "lease",
      columns: [
        { name: "name", type: "varchar", length: "32", isPrimary: true },
        { name: "holder", type: "varchar", length: "36" },
        { name: "expires_at", type: datetime, precision: 3 },
      ],
    });
    await queryRunner.createTable(table, true);
    const [row] = await queryRunner.query("SELECT 1 FROM lease WHERE name = 'housekeeping'");
    if (!row)
      await queryRunner.query(
        "INSERT INTO lease (name, holder, expires_at) VALUES ('housekeeping', '', '2000-01-01 00:00:00.000')",
      );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable("lease", true);
  }
}
