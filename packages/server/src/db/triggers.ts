import type { DataSource } from "typeorm";

/** Makes the database itself refuse, to every user, a statement that changes or removes an audit record. */
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

/** REPLACE and ON DUPLICATE KEY UPDATE pass through these two as well. TRUNCATE does not, but it takes the DROP privilege. */
const onMariadb: Trigger[] = ["update", "delete"].map((change) => ({
  name: `tr_audit_record_${change}`,
  timing: `BEFORE ${change} ON audit_record`,
  body: `FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${refusal}'`,
}));

/**
 * INSERT OR REPLACE removes a row that has the same key, or the same rowid, without a DELETE trigger.
 * See https://www.sqlite.org/lang_conflict.html.
 */
const sameRecord = `EXISTS (SELECT 1 FROM audit_record
  WHERE account_id = NEW.account_id AND sequence = NEW.sequence OR rowid = NEW.rowid)`;

const onSqlite: Trigger[] = ["update", "delete", "insert"].map((change) => ({
  name: `tr_audit_record_${change}`,
  timing: `BEFORE ${change} ON audit_record`,
  body: `${change === "insert" ? `WHEN ${sameRecord} ` : ""}BEGIN SELECT RAISE(ABORT, '${refusal}'); END`,
}));

/** Creates the triggers that are missing, or that are not as they should be. Returns those it could not create. */
export async function createMissingTriggers(dataSource: DataSource): Promise<MissingTrigger[]> {
  const reasons = new Map<string, string>();
  for (const trigger of await missing(dataSource))
    try {
      await create(dataSource, trigger);
    } catch (error) {
      reasons.set(trigger.name, (error as Error).message);
    }
  if (reasons.size === 0) return [];
  // Another process that starts may have been quicker.
  return (await missing(dataSource)).map(({ name }) => ({ name, reason: reasons.get(name) ?? "dropped meanwhile" }));
}

/** The names of the triggers that are missing. */
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

/** A user without the TRIGGER privilege sees no trigger in information_schema, but is told here whether it exists. */
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
    // While a statement waits for the table's metadata lock, as for the end of a backup, every other one queues behind it.
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
