import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DataSource } from "typeorm";
import { entities } from "../src/app/entities.js";
import { openDataSource } from "../src/db/data-source.js";
import { readConfig } from "../src/infra/config.js";
import { cli } from "../test/support/command-line.js";
import { createMariadbDatabase, createSqliteDatabase, type TestDatabase } from "../test/support/database.js";
import { type Mariadb, startMariadb } from "../test/support/mariadb.js";
import { describeWith, HallpassProcess, runCommand } from "../test/support/programs.js";
import { isReady } from "./support/load.js";
import { MysqlProxy } from "./support/mysql-proxy.js";
import { isShort } from "./support/scale.js";
import { count } from "./support/table.js";

/** The statements tried in the short version: the middle one, and late ones that leave MariaDB partly migrated. */
const sampled = [0.5, -27, -20, -10];
/** The server is started on every tenth database. */
const servedEach = 10;

describe("Killed migration on SQLite", () => {
  const hook = join(__dirname, "support/kill-at-statement.mjs");
  const migrate = (env: Record<string, string>) => run(["--import", hook, cli, "migrate"], env);

  test("A migration killed at any statement has the same schema once rerun, and the server works", async () => {
    const whole = await createSqliteDatabase();
    const countFile = join(whole.dataDir, "statements");
    await migrate({ ...whole.env, HALLPASS_FAULTS_COUNT: countFile });
    const statements = Number(readFileSync(countFile, "utf8"));
    await killAtEach(statements, await schemaOf(whole), async (statement) => {
      const database = await createSqliteDatabase();
      await migrate({ ...database.env, HALLPASS_FAULTS_KILL_AFTER: String(statement) });
      return database;
    });
    await whole.remove();
  });
});

describeWith(["mariadbd", "mariadb-install-db"], "Killed migration on MariaDB", () => {
  let mariadb: Mariadb;
  let proxy: MysqlProxy;
  beforeAll(async () => {
    mariadb = await startMariadb({ durable: false });
    proxy = await MysqlProxy.start(mariadb.port);
  });
  afterAll(async () => {
    proxy?.stop();
    await mariadb?.remove();
  });

  /** Kills the command and its connections after this many statements, and returns how many there were. */
  async function migrate(database: TestDatabase, killAfter = Number.POSITIVE_INFINITY): Promise<number> {
    let statements = 0;
    proxy.fateOf = () => (++statements === killAfter ? "reply lost" : "passes");
    await run([cli, "migrate"], proxy.settings(database.env), (kill) => {
      proxy.onLoss = kill;
    });
    return statements;
  }

  test("A migration killed at any statement has the same schema once rerun, and the server works", async () => {
    const whole = await createMariadbDatabase(mariadb.port);
    const statements = await migrate(whole);
    await killAtEach(statements, await schemaOf(whole), async (statement) => {
      const database = await createMariadbDatabase(mariadb.port);
      await migrate(database, statement);
      return database;
    });
    await whole.remove();
  });
});

/** Tries every statement, or some in the short version, and then reruns the migration. */
async function killAtEach(
  statements: number,
  whole: string[],
  killed: (statement: number) => Promise<TestDatabase>,
): Promise<void> {
  expect(statements).toBeGreaterThan(30);
  expect(whole.length).toBeGreaterThan(15);
  const each = Array.from({ length: statements }, (_, index) => index + 1);
  const some = sampled.map((at) => (at < 0 ? statements + at : Math.ceil(statements * at)));
  for (const [index, statement] of (isShort ? some : each).entries()) {
    const database = await killed(statement);
    const wrong = await migrateAgain(database, whole, index % servedEach === 0).then(
      () => null,
      (error: Error) => error.message,
    );
    count("migrations", 1, wrong === null ? 0 : 1);
    expect({ statement, wrong }).toEqual({ statement, wrong: null });
    await database.remove();
  }
}

async function migrateAgain(database: TestDatabase, whole: string[], isServed: boolean): Promise<void> {
  await runCommand(database.env, "migrate");
  expect(await schemaOf(database)).toEqual(whole);
  if (!isServed) return;
  const server = await HallpassProcess.start(database.env);
  expect(await isReady(server.url, "ok")).toBe(true);
  await server.kill();
}

/** Everything a migration creates, as the database reports it. Expects TypeORM to have nothing to change. */
async function schemaOf({ env }: TestDatabase): Promise<string[]> {
  const dataSource = await openDataSource(readConfig(env), entities);
  try {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
    const done = await dataSource.query("SELECT name FROM migration ORDER BY name");
    const made = env.DATABASE_URL ? await mariadbSchema(dataSource) : await dataSource.query(sqliteSchema);
    return [...done, ...made].map((row) => JSON.stringify(row));
  } finally {
    await dataSource.destroy();
  }
}

const sqliteSchema = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name";

async function mariadbSchema(dataSource: DataSource) {
  const query = (sql: string): Promise<Record<string, unknown>[]> => dataSource.query(sql);
  const schema = await query(
    "SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = DATABASE()",
  );
  const tables = await query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
  );
  for (const name of tables.map((table) => String(table.name)).sort())
    schema.push(...(await query(`SHOW CREATE TABLE \`${name}\``)));
  const triggers = await query(
    `SELECT trigger_name, event_manipulation, event_object_table, action_statement, action_timing
     FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY trigger_name`,
  );
  return [...schema, ...triggers];
}

/** Runs a process until it exits or is killed. */
async function run(args: string[], env: Record<string, string>, killer: (kill: () => void) => void = () => {}) {
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, stdio: "ignore" });
  killer(() => child.kill("SIGKILL"));
  await once(child, "exit");
}
