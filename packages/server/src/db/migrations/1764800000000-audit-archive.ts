import { type MigrationInterface, type QueryRunner, Table } from "typeorm";

/** Up to which record each account's audit trail has been moved to an archive. */
export class AuditArchive1764800000000 implements MigrationInterface {
  name = "AuditArchive1764800000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    const { driver } = queryRunner.dataSource;
    const columns = [
      { name: "account_id", type: "varchar", length: "24", isPrimary: true },
      { name: "sequence", type: driver.normalizeType({ type: "int" }) },
      { name: "hash", type: "varchar", length: "64" },
    ];
    const toAccount = {
      name: "fk_audit_archive_account",
      columnNames: ["account_id"],
      referencedTableName: "account",
      referencedColumnNames: ["id"],
      onDelete: "NO ACTION",
      onUpdate: "NO ACTION",
    };
    await queryRunner.createTable(new Table({ name: "audit_archive", columns, foreignKeys: [toAccount] }), true);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // The trigger reads the table. Whichever release starts next creates its own.
    await queryRunner.query("DROP TRIGGER IF EXISTS tr_audit_record_delete");
    await queryRunner.dropTable("audit_archive");
  }
}
