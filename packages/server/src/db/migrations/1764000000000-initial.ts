import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions, type TableOptions } from "typeorm";

const id = { type: "varchar", length: "24" };
const time = { type: "datetime", precision: 3 };
const int = { type: "int" };
const text = { type: "text" };
const blob = { type: "blob" };
const key = { isPrimary: true };
// MariaDB's default reads back as RESTRICT, which TypeORM considers a different rule.
const noAction = { onDelete: "NO ACTION", onUpdate: "NO ACTION" };
const optional = { isNullable: true };
const varchar = (length: number) => ({ type: "varchar", length: String(length) });

const tables: TableOptions[] = [
  {
    name: "module",
    columns: [
      { name: "id", ...id, ...key },
      { name: "name", ...varchar(120) },
      { name: "description", ...varchar(500), ...optional },
    ],
  },
  {
    name: "account",
    columns: [
      { name: "id", ...id, ...key },
      { name: "name", ...varchar(120) },
      { name: "type", ...varchar(16) },
      { name: "created_at", ...time },
    ],
  },
  {
    name: "account_module",
    columns: [
      { name: "account_id", ...id, ...key },
      { name: "module_id", ...id, ...key },
    ],
    indices: [{ name: "ix_account_module_module", columnNames: ["module_id"] }],
    foreignKeys: [
      {
        name: "fk_account_module_account",
        columnNames: ["account_id"],
        referencedTableName: "account",
        referencedColumnNames: ["id"],
        onDelete: "CASCADE",
      },
      {
        name: "fk_account_module_module",
        columnNames: ["module_id"],
        referencedTableName: "module",
        referencedColumnNames: ["id"],
        onDelete: "NO ACTION",
      },
    ],
  },
  {
    name: "user",
    columns: [
      { name: "id", ...id, ...key },
      { name: "name", ...varchar(120) },
      { name: "email", ...varchar(254) },
      { name: "password_hash", ...varchar(255) },
    ],
    indices: [{ name: "ux_user_email", columnNames: ["email"], isUnique: true }],
  },
  {
    name: "membership",
    columns: [
      { name: "user_id", ...id, ...key },
      { name: "account_id", ...id, ...key },
      { name: "role", ...varchar(16) },
      { name: "entered_at", ...time, ...optional },
    ],
    indices: [{ name: "ix_membership_account", columnNames: ["account_id"] }],
    foreignKeys: [
      {
        name: "fk_membership_user",
        columnNames: ["user_id"],
        referencedTableName: "user",
        referencedColumnNames: ["id"],
        onDelete: "CASCADE",
      },
      {
        name: "fk_membership_account",
        columnNames: ["account_id"],
        referencedTableName: "account",
        referencedColumnNames: ["id"],
        onDelete: "CASCADE",
      },
    ],
  },
  {
    name: "session",
    columns: [
      { name: "id", ...varchar(64), ...key },
      { name: "user_id", ...id },
      { name: "account_id", ...id },
      { name: "created_at", ...time },
      { name: "last_seen_at", ...time },
      { name: "expires_at", ...time },
    ],
    indices: [
      { name: "ix_session_user", columnNames: ["user_id"] },
      { name: "ix_session_account", columnNames: ["account_id"] },
      { name: "ix_session_expires", columnNames: ["expires_at"] },
    ],
    foreignKeys: [
      {
        name: "fk_session_user",
        columnNames: ["user_id"],
        referencedTableName: "user",
        referencedColumnNames: ["id"],
        onDelete: "CASCADE",
      },
      {
        name: "fk_session_account",
        columnNames: ["account_id"],
        referencedTableName: "account",
        referencedColumnNames: ["id"],
        onDelete: "CASCADE",
      },
    ],
  },
  {
    name: "audit_head",
    columns: [
      { name: "account_id", ...id, ...key },
      { name: "sequence", ...int },
      { name: "hash", ...varchar(64) },
    ],
    foreignKeys: [
      {
        name: "fk_audit_head_account",
        columnNames: ["account_id"],
        referencedTableName: "account",
        referencedColumnNames: ["id"],
        onDelete: "NO ACTION",
      },
    ],
  },
  {
    name: "audit_record",
    columns: [
      { name: "account_id", ...id, ...key },
      { name: "sequence", ...int, ...key },
      { name: "at", ...time },
      { name: "event", ...varchar(64) },
      { name: "summary", ...varchar(500) },
      { name: "object_id", ...id },
      { name: "object_name", ...varchar(120) },
      { name: "actor_id", ...id, ...optional },
      { name: "actor_name", ...varchar(120), ...optional },
      { name: "ip", ...varchar(45), ...optional },
      { name: "user_agent", ...varchar(255), ...optional },
      { name: "request_id", ...varchar(64), ...optional },
      { name: "changes", ...text },
      { name: "hash", ...varchar(64) },
    ],
    indices: [
      { name: "ix_audit_record_object", columnNames: ["account_id", "object_id", "sequence"] },
      { name: "ix_audit_record_actor", columnNames: ["account_id", "actor_id", "sequence"] },
      { name: "ix_audit_record_event", columnNames: ["account_id", "event", "sequence"] },
      { name: "ix_audit_record_at", columnNames: ["account_id", "at", "sequence"] },
    ],
    foreignKeys: [
      {
        name: "fk_audit_record_account",
        columnNames: ["account_id"],
        referencedTableName: "account",
        referencedColumnNames: ["id"],
        onDelete: "NO ACTION",
      },
    ],
  },
  {
    name: "api_token",
    columns: [
      { name: "id", ...id, ...key },
      { name: "account_id", ...id },
      { name: "name", ...varchar(120) },
      { name: "name_key", ...varchar(240) },
      { name: "description", ...varchar(2000), ...optional },
      { name: "search_text", ...text },
      { name: "status", ...varchar(16) },
      { name: "deleted", ...int },
      { name: "module_count", ...int },
      { name: "created_at", ...time },
      { name: "created_by_id", ...id, ...optional },
      { name: "created_by_name", ...varchar(120), ...optional },
      { name: "created_by_key", ...varchar(240), ...optional },
      { name: "last_access_at", ...time, ...optional },
      { name: "last_access_ip", ...varchar(45), ...optional },
      { name: "last_access_agent", ...varchar(255), ...optional },
      { name: "expires_at", ...time, ...optional },
      { name: "version", ...int },
      { name: "icon_hash", ...varchar(16), ...optional },
    ],
    indices: [
      { name: "ix_api_token_id", columnNames: ["account_id", "deleted", "id"] },
      { name: "ix_api_token_name", columnNames: ["account_id", "deleted", "name_key", "id"] },
      { name: "ix_api_token_status", columnNames: ["account_id", "deleted", "status", "id"] },
      { name: "ix_api_token_created_by", columnNames: ["account_id", "deleted", "created_by_key", "id"] },
      { name: "ix_api_token_created_at", columnNames: ["account_id", "deleted", "created_at", "id"] },
      { name: "ix_api_token_last_access_at", columnNames: ["account_id", "deleted", "last_access_at", "id"] },
      { name: "ix_api_token_expires_at", columnNames: ["account_id", "deleted", "expires_at", "id"] },
      { name: "ix_api_token_module_count", columnNames: ["account_id", "deleted", "module_count", "id"] },
      { name: "ix_api_token_created_by_id", columnNames: ["created_by_id"] },
    ],
    foreignKeys: [
      {
        name: "fk_api_token_account",
        columnNames: ["account_id"],
        referencedTableName: "account",
        referencedColumnNames: ["id"],
        onDelete: "NO ACTION",
      },
    ],
  },
  {
    name: "api_token_module",
    columns: [
      { name: "token_id", ...id, ...key },
      { name: "module_id", ...id, ...key },
    ],
    indices: [{ name: "ix_api_token_module_module", columnNames: ["module_id", "token_id"] }],
    foreignKeys: [
      {
        name: "fk_api_token_module_token",
        columnNames: ["token_id"],
        referencedTableName: "api_token",
        referencedColumnNames: ["id"],
        onDelete: "NO ACTION",
      },
      {
        name: "fk_api_token_module_module",
        columnNames: ["module_id"],
        referencedTableName: "module",
        referencedColumnNames: ["id"],
        onDelete: "NO ACTION",
      },
    ],
  },
  {
    name: "api_token_event",
    columns: [
      { name: "token_id", ...id, ...key },
      { name: "kind", ...varchar(16), ...key },
      { name: "at", ...time },
      { name: "by_id", ...id, ...optional },
      { name: "by_name", ...varchar(120), ...optional },
    ],
    foreignKeys: [
      {
        name: "fk_api_token_event_token",
        columnNames: ["token_id"],
        referencedTableName: "api_token",
        referencedColumnNames: ["id"],
        onDelete: "NO ACTION",
      },
    ],
  },
  {
    name: "api_token_icon",
    columns: [
      { name: "token_id", ...id, ...key },
      { name: "png", ...blob },
    ],
    foreignKeys: [
      {
        name: "fk_api_token_icon_token",
        columnNames: ["token_id"],
        referencedTableName: "api_token",
        referencedColumnNames: ["id"],
        onDelete: "NO ACTION",
      },
    ],
  },
  {
    name: "api_token_secret",
    columns: [
      { name: "token_id", ...id, ...key },
      { name: "slot", ...varchar(8), ...key },
      { name: "digest", ...varchar(64) },
      { name: "ciphertext", ...blob },
      { name: "key_id", ...varchar(64) },
      { name: "valid_until", ...time, ...optional },
      { name: "last_used_at", ...time, ...optional },
    ],
    indices: [{ name: "ix_api_token_secret_key_id", columnNames: ["key_id"] }],
    foreignKeys: [
      {
        name: "fk_api_token_secret_token",
        columnNames: ["token_id"],
        referencedTableName: "api_token",
        referencedColumnNames: ["id"],
        onDelete: "NO ACTION",
      },
    ],
  },
  {
    name: "encryption_key",
    columns: [
      { name: "id", ...varchar(64), ...key },
      { name: "canary", ...blob },
      { name: "created_at", ...time },
    ],
  },
  {
    name: "token_usage",
    columns: [
      { name: "token_id", ...id, ...key },
      { name: "day", ...varchar(10), ...key },
      { name: "allowed", ...int },
      { name: "denied", ...int },
    ],
    foreignKeys: [
      {
        name: "fk_token_usage_token",
        columnNames: ["token_id"],
        referencedTableName: "api_token",
        referencedColumnNames: ["id"],
      },
    ],
  },
  {
    name: "idempotency_key",
    columns: [
      { name: "id", ...varchar(64), ...key },
      { name: "token_id", ...id },
      { name: "input_digest", ...varchar(64) },
      { name: "created_at", ...time },
    ],
    indices: [{ name: "ix_idempotency_key_created_at", columnNames: ["created_at"] }],
    foreignKeys: [
      {
        name: "fk_idempotency_key_token",
        columnNames: ["token_id"],
        referencedTableName: "api_token",
        referencedColumnNames: ["id"],
        onDelete: "NO ACTION",
      },
    ],
  },
];

/** The first schema. Each later change has its own migration. */
export class Initial1764000000000 implements MigrationInterface {
  name = "Initial1764000000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    const { driver } = queryRunner.dataSource;
    if (driver.options.type === "mariadb")
      await queryRunner.query("ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    const native = (column: TableColumnOptions) => ({
      ...column,
      type: driver.normalizeType({ type: column.type as never }),
    });
    for (const table of tables)
      await queryRunner.createTable(
        new Table({
          ...table,
          columns: (table.columns ?? []).map(native),
          foreignKeys: (table.foreignKeys ?? []).map((each) => ({ ...noAction, ...each })),
        }),
        true,
      );
    await refuseChangesOfAuditRecords(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { name } of tables.toReversed()) await queryRunner.dropTable(name);
  }
}

/** Missing privileges to create a trigger. Then the grants of the serving user protect the trail. */
const mayNotCreateTriggers = new Set(["ER_BINLOG_CREATE_ROUTINE_NEED_SUPER", "ER_TABLEACCESS_DENIED_ERROR"]);

async function refuseChangesOfAuditRecords(queryRunner: QueryRunner): Promise<void> {
  const refusal = "audit records are never changed";
  const body =
    queryRunner.dataSource.options.type === "mariadb"
      ? `FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${refusal}'`
      : `BEGIN SELECT RAISE(ABORT, '${refusal}'); END`;
  for (const change of ["update", "delete"])
    try {
      // MariaDB commits each statement separately, so after a migration was killed, its triggers may already exist.
      await queryRunner.query(`DROP TRIGGER IF EXISTS tr_audit_record_${change}`);
      await queryRunner.query(`CREATE TRIGGER tr_audit_record_${change} BEFORE ${change} ON audit_record ${body}`);
    } catch (error) {
      if (!mayNotCreateTriggers.has((error as { code?: string }).code ?? "")) throw error;
    }
}
