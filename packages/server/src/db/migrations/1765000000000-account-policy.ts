import { type MigrationInterface, type QueryRunner, Table } from "typeorm";

/** What an account requires of its tokens. */
export class AccountPolicy1765000000000 implements MigrationInterface {
  name = "AccountPolicy1765000000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    const int = queryRunner.dataSource.driver.normalizeType({ type: "int" });
    const columns = [
      { name: "account_id", type: "varchar", length: "24", isPrimary: true },
      { name: "max_lifetime_days", type: int, isNullable: true },
      { name: "idle_days", type: int, isNullable: true },
      { name: "expiry_required", type: int },
      { name: "ip_ranges_required", type: int },
      { name: "values_shown_once", type: int },
      { name: "recent_sign_in_required", type: int },
    ];
    const toAccount = {
      name: "fk_account_policy_account",
      columnNames: ["account_id"],
      referencedTableName: "account",
      referencedColumnNames: ["id"],
      onDelete: "CASCADE",
      onUpdate: "NO ACTION",
    };
    await queryRunner.createTable(new Table({ name: "account_policy", columns, foreignKeys: [toAccount] }), true);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable("account_policy");
  }
}
