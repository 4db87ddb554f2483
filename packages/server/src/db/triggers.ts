import type { DataSource } from "typeorm";

/**
 * Makes the database itself reject, for every user, statements that change an audit record, or remove one that was not
 * archived.
 */
interface Trigger {
  name: string;
  timing: string;
  body: string;
}

export interface MissingTrigger {
  name: string;
  /** Why the database did not create it. */
  reason: string;
}

const refusal = "audit records are never changed";
const lockWaitSeconds = 2;

/** `audit verify` reports records that were marked as archived without being archived. */
const isArchived = `EXISTS (SELECT 1 FROM audit_archive
  WHERE account_id = OLD.account_id AND sequence >= OLD.sequence)`;

/**
 * REPLACE and ON DUPLICATE KEY UPDATE fire these two as well. TRUNCATE does not, but it requires the DROP privilege.
 */
const onMariadb: Trigger[] = ["update", "delete"].map((change) => {
  const signal = `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${refusal}'`;
  return {
    name: `tr_audit_record_${change}`,
    timing: `BEFORE ${change} ON audit_record`,
    body: `FOR EACH ROW ${change === "delete" ? `IF NOT ${isArchived} THEN ${signal}; END IF` : signal}`,
  };
});

/**
 * INSERT OR REPLACE removes a row with the same key, or the same rowid, without firing a DELETE trigger. See
 * https://www.sqlite.org/lang_conflict.html.
 */
const sameRecord = `EXISTS (SELECT 1 FROM audit_record
  WHERE account_id = NEW.account_id AND sequence = NEW.sequence OR rowid = NEW.rowid)`;

const onSqlite: Trigger[] = Object.entries({
  update: "",
  delete: `WHEN NOT ${isArchived} `,
  insert: `WHEN ${sameRecord} `,
}).map(([change, when]) => ({
  name: `tr_audit_record_${change}`,
  timing: `BEFORE ${change} ON audit_record`,
  body: `${when}BEGIN SELECT RAISE(ABORT, '${refusal}'); END`,
}));

/** Creates triggers that are missing or differ. Returns those it could not create. */
export async function createMissingTriggers(dataSource: DataSource): Promise<MissingTrigger[]> {
  const reasons = new Map<string, string>();
  for (const trigger of await missing(dataSource))
    try {
      await create(dataSource, trigger);
    } catch (error) {
      reasons.set(trigger.name, (error as Error).message);
    }
  if (reasons.size === 0) return [];
  // Another starting process may have been faster.
  return (await missing(dataSource)).map(({ name }) => ({ name, reason: reasons.get(name) ?? "dropped meanwhile" }));
}

/** Names of missing triggers. */
export async function missingTriggers(dataSource: DataSource): Promise<string[]> {
  return (await missing(dataSource)).map(({ name }) => name);
}

const isMariadb = ({ options }: DataSource) => options.type === "mariadb";

async function missing(dataSource: DataSource): Promise<Trigger[]> {
  const exists = isMariadb(dataSource) ? existsOnMariadb : existsOnSqlite;
  const found: Trigger[] = [];
  for (const trigger of isMariadb(dataSource) ? onMariadb : onSqlite)
    if (!(await exists(dataSource, trigger))) found.push(trigger);
  return found;
}

async function existsOnSqlite(dataSource: DataSource, trigger: Trigger): Promise<boolean> {
  const rows = await dataSource.query("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", [
    trigger.name,
  ]);
  return rows[0]?.sql === statementOf(trigger);
}

/**
 * Without the TRIGGER privilege, information_schema shows no triggers, but this statement still shows whether one
 * exists.
 */
async function existsOnMariadb(dataSource: DataSource, { name, timing, body }: Trigger): Promise<boolean> {
  try {
    const [row] = await dataSource.query(`SHOW CREATE TRIGGER ${name}`);
    const statement = String(row["SQL Original Statement"]).replaceAll("`", "");
    return statement.includes(timing) && statement.includes(body);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ER_SPECIFIC_ACCESS_DENIED_ERROR") return true;
    if (code === "ER_TRG_DOES_NOT_EXIST") return false;
    throw error;
  }
}

async function create(dataSource: DataSource, trigger: Trigger): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    // While a statement waits for the table's metadata lock, e.g. until a backup ends, all others queue behind it.
    if (isMariadb(dataSource)) await runner.query(`SET SESSION lock_wait_timeout = ${lockWaitSeconds}`);
    await runner.query(`DROP TRIGGER IF EXISTS ${trigger.name}`);
    await runner.query(statementOf(trigger));
  } finally {
    if (isMariadb(dataSource)) await runner.query("SET SESSION lock_wait_timeout = DEFAULT");
    await runner.release();
  }
}

function statementOf({ name, timing, body }: Trigger): string {
  return `CREATE TRIGGER ${name} ${timing} ${body}`;
}
