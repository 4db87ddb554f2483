import { existsSync, mkdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { Logger } from "pino";
import { DataSource, type DataSourceOptions } from "typeorm";
import type { MysqlDriver } from "typeorm/driver/mysql/MysqlDriver.js";
import type { Config, ServerDatabase } from "../infra/config.js";
import { createLongReads, isLongRead, longReadLimitMs } from "./long-reads.js";
import { migrations } from "./migrations/index.js";
import { queueSqliteTransactions } from "./sqlite-query-runner.js";

/** How long a statement waits for the embedded database's connection, in ms. */
const sqliteWaitMs = 10_000;
/** How long SQLite waits for a lock of another process, in ms. */
const sqliteBusyMs = 2_000;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 20_000;
const connections = 10;
/** Concurrent statements that read tokens for checks. */
export const checkStatements = 4;

type Entities = NonNullable<DataSourceOptions["entities"]>;
type DatabaseConfig = Pick<Config, "database" | "dataDir">;

/**
 * Connects to the configured database with these entities. The caller destroys the connection. `runMigrations` is
 * separate.
 */
export async function openDataSource(config: DatabaseConfig, entities: Entities): Promise<DataSource> {
  if (config.database) return openServerDatabase(config.database, entities, connections);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const dataSource = new DataSource(sqliteOptions(config, entities));
  const longReads = createLongReads({ file: sqliteFile(config), busyTimeoutMs: sqliteBusyMs });
  queueSqliteTransactions(dataSource, sqliteWaitMs, longReads);
  return dataSource.initialize();
}

/**
 * Opens separate connections for checks, which must wait neither for connections that requests have taken nor for
 * transactions on the embedded database, where these only read. The schema must exist. The caller destroys the
 * connections.
 */
export async function openCheckConnections(config: DatabaseConfig, entities: Entities): Promise<DataSource> {
  // One more for the change feed.
  if (config.database) return openServerDatabase(config.database, entities, checkStatements + 1);
  return new DataSource({ ...sqliteOptions(config, entities), readonly: true, enableWAL: false }).initialize();
}

const common = {
  migrations,
  migrationsTableName: "migration",
  // findOne({ where: { id: undefined } }) must not return just any row.
  invalidWhereValuesBehavior: { null: "throw", undefined: "throw" },
} as const;

/** Whether there is an embedded database. */
export const hasSqliteFile = (config: Pick<Config, "dataDir">): boolean => existsSync(sqliteFile(config));

const sqliteFile = ({ dataDir }: Pick<Config, "dataDir">) => join(dataDir, "hallpass.sqlite");

function sqliteOptions({ dataDir }: DatabaseConfig, entities: Entities) {
  return {
    ...common,
    entities,
    type: "better-sqlite3",
    database: sqliteFile({ dataDir }),
    enableWAL: true,
    timeout: sqliteBusyMs,
    statementCacheSize: 500,
    prepareDatabase: (connection: { pragma(text: string): void }) => connection.pragma("synchronous = FULL"),
  } as const;
}

async function openServerDatabase(database: ServerDatabase, entities: Entities, poolSize: number): Promise<DataSource> {
  const dataSource = new DataSource({
    ...common,
    entities,
    // With "mysql", TypeORM finds drift in MariaDB's nullable columns. With "mariadb", it finds none in either.
    type: "mariadb",
    username: database.user,
    password: database.password,
    database: database.name,
    timezone: "Z",
    charset: "utf8mb4_bin",
    isolationLevel: "READ COMMITTED",
    connectTimeout: connectTimeoutMs,
    poolSize,
    enableQueryTimeout: true,
    maxQueryExecutionTime: statementTimeoutMs,
    extra: { stream: streamTo(database.hosts), queueLimit: 500, maxIdle: poolSize, enableKeepAlive: true },
  });
  for (let attempt = 1; ; attempt++) {
    try {
      await dataSource.initialize();
      await limitLongReads(dataSource);
      return dataSource;
    } catch (error) {
      if (attempt >= database.hosts.length) throw error;
    }
  }
}

/** The database server cancels long reads at their time limit. Other statements have no limit in the database. */
async function limitLongReads(dataSource: DataSource): Promise<void> {
  const driver = dataSource.driver as MysqlDriver;
  const createQueryRunner = driver.createQueryRunner.bind(driver);
  const [{ version }] = await dataSource.query("SELECT VERSION() AS version");
  const isMariadb = /mariadb/i.test(version);
  const limited = (sql: string) =>
    isMariadb
      ? `SET STATEMENT max_statement_time=${longReadLimitMs / 1_000} FOR ${sql}`
      : sql.replace(/\bSELECT\b/, `SELECT /*+ MAX_EXECUTION_TIME(${longReadLimitMs}) */`);
  driver.createQueryRunner = (mode) => {
    const runner = createQueryRunner(mode);
    const query = runner.query.bind(runner) as (sql: string, ...rest: unknown[]) => Promise<unknown>;
    const limitedQuery = (sql: string, ...rest: unknown[]) => query(isLongRead(sql) ? limited(sql) : sql, ...rest);
    return Object.assign(runner, { query: limitedQuery });
  };
}

/**
 * Opens sockets to the first host that accepts them. After a host rejects one, the next connection tries the next host.
 */
function streamTo(hosts: ServerDatabase["hosts"]): () => Socket {
  let current = 0;
  return () => {
    const target = hosts[current % hosts.length] ?? { host: "127.0.0.1", port: 3306 };
    const socket = connect({ ...target, noDelay: true });
    socket.once("error", () => {
      if (!socket.remoteAddress) current++;
    });
    return socket;
  };
}

/** Private state of mysql2's pool. */
interface Pool {
  _allConnections: { length: number };
  _freeConnections: { length: number };
  _connectionQueue: { length: number };
}

/** Null for the embedded database, which has no pool. */
export function poolOf({ driver }: DataSource): Pool | null {
  return (driver as { pool?: Pool }).pool ?? null;
}

/** Migrates the schema. Logs and returns the names of the migrations it ran. */
export async function runMigrations(dataSource: DataSource, logger: Logger): Promise<string[]> {
  const done = await dataSource.runMigrations({ transaction: "each" });
  for (const migration of done) logger.info({ migration: migration.name }, "migrated");
  return done.map(({ name }) => name);
}
