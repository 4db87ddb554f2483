import type { MigrationInterface, QueryRunner } from "typeorm";

const columns = ["signature", "key_id"];

/** An audit head's signature and its key. Existing heads are signed after this migration. */
export class SignedHeads1764200000000 implements MigrationInterface {
  name = "SignedHeads1764200000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    // MariaDB commits each statement separately, so after a migration was killed, some of this may already exist.
    for (const column of columns)
      if (!(await queryRunner.hasColumn("audit_head", column)))
        await queryRunner.query(`ALTER TABLE audit_head ADD COLUMN ${column} varchar(64)`);
    const table = await queryRunner.getTable("audit_head");
    if (!table?.indices.some(({ name }) => name === "ix_audit_head_key_id"))
      await queryRunner.query("CREATE INDEX ix_audit_head_key_id ON audit_head (key_id)");
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex("audit_head", "ix_audit_head_key_id");
    for (const column of columns) await queryRunner.query(`ALTER TABLE audit_head DROP COLUMN ${column}`);
  }
}
