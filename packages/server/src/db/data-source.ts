import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { DataSource, type DataSourceOptions } from "typeorm";
import type { MysqlDriver } from "typeorm/driver/mysql/MysqlDriver.js";
import type { Config } from "../infra/config.js";
import { mostLogPages } from "./checkpoints.js";
import { codeOf, isNodeFailure } from "./database-errors.js";
import { createLongReads } from "./long-reads.js";
import { migrations } from "./migrations/index.js";
import { createNodes, credentials, type Nodes } from "./nodes.js";
import { ServerQueryRunner } from "./server-query-runner.js";
import { queueSqliteTransactions } from "./sqlite-query-runner.js";

/** How long a statement waits for the embedded database's connection, in ms. */
const sqliteWaitMs = 10_000;
/** How long SQLite waits for a lock of another process, in ms. */
const sqliteBusyMs = 2_000;
const requests = { poolSize: 10, statementTimeoutMs: 20_000 };
/** Concurrent statements that read tokens for checks. */
export const checkStatements = 4;
/**
 * One more connection for the change feed. Gateways wait no longer for a check. The database server itself ends statements
 * a little later.
 */
const checks = { poolSize: checkStatements + 1, statementTimeoutMs: 2_000, limitMs: 2_500 };

type Entities = NonNullable<DataSourceOptions["entities"]>;
type DatabaseConfig = Pick<Config, "database" | "dataDir">;

/** The servers of the configured database. Null for the embedded one. */
export const nodesOf = ({ database }: DatabaseConfig, logger?: Logger): Nodes | null =>
  database && createNodes(database, logger);

/**
 * Connects to the configured database with these entities. The caller destroys the connection. `runMigrations` is
 * separate.
 */
export async function openDataSource(
  config: DatabaseConfig,
  entities: Entities,
  nodes: Nodes | null = nodesOf(config),
  logger?: Logger,
): Promise<DataSource> {
  if (nodes) return openServerDatabase(nodes, entities, requests);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const dataSource = new DataSource(sqliteOptions(config, entities));
  const longReads = createLongReads({ file: sqliteFile(config), busyTimeoutMs: sqliteBusyMs });
  queueSqliteTransactions(dataSource, { file: sqliteFile(config), waitMs: sqliteWaitMs, longReads, logger });
  return dataSource.initialize();
}

/**
 * Opens separate connections for checks, which must wait neither for connections that requests have taken nor for
 * transactions on the embedded database, where these only read. The schema must exist. The caller destroys the
 * connections.
 */
export async function openCheckConnections(
  config: DatabaseConfig,
  entities: Entities,
  nodes: Nodes | null,
): Promise<DataSource> {
  if (nodes) return openServerDatabase(nodes, entities, checks);
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

/** The embedded database's file. */
export const sqliteFile = ({ dataDir }: Pick<Config, "dataDir">) => join(dataDir, "hallpass.sqlite");

function sqliteOptions({ dataDir }: DatabaseConfig, entities: Entities) {
  return {
    ...common,
    entities,
    type: "better-sqlite3",
    database: sqliteFile({ dataDir }),
    enableWAL: true,
    timeout: sqliteBusyMs,
    statementCacheSize: 500,
    prepareDatabase: (connection: { pragma(text: string): void }) => {
      connection.pragma("synchronous = FULL");
      connection.pragma(`wal_autocheckpoint = ${mostLogPages}`);
    },
  } as const;
}

async function openServerDatabase(
  nodes: Nodes,
  entities: Entities,
  { poolSize, statementTimeoutMs, limitMs }: { poolSize: number; statementTimeoutMs: number; limitMs?: number },
): Promise<DataSource> {
  const dataSource = new DataSource({
    ...common,
    entities,
    // With "mysql", TypeORM finds drift in MariaDB's nullable columns. With "mariadb", it finds none in either.
    type: "mariadb",
    timezone: "Z",
    charset: "utf8mb4_bin",
    isolationLevel: "READ COMMITTED",
    connectTimeout: nodes.connectLimitMs,
    poolSize,
    enableQueryTimeout: true,
    maxQueryExecutionTime: statementTimeoutMs,
    extra: {
      ...credentials(nodes.database),
      stream: ({ config }: { config: Parameters<Nodes["connect"]>[0] }) => nodes.connect(config),
      queueLimit: 500,
      maxIdle: poolSize,
    },
  });
  for (let attempt = 1; ; attempt++) {
    const node = nodes.current();
    try {
      await dataSource.initialize();
      break;
    } catch (error) {
      if (attempt >= nodes.database.hosts.length) throw error;
      if (isNodeFailure(error)) nodes.leave(codeOf(error), node);
    }
  }
  const [{ version }] = await dataSource.query("SELECT VERSION() AS version");
  const driver = dataSource.driver as MysqlDriver;
  const isMariadb = /mariadb/i.test(version);
  driver.createQueryRunner = (mode) => new ServerQueryRunner(driver, mode, nodes, { isMariadb, limitMs });
  return dataSource;
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
  const options = dataSource.driver.options as { enableQueryTimeout?: boolean };
  const { enableQueryTimeout } = options;
  // A statement of a migration may take much longer than one of a request. Nothing is served yet.
  if (enableQueryTimeout) options.enableQueryTimeout = false;
  const done = await dataSource.runMigrations({ transaction: "each" }).finally(() => {
    if (enableQueryTimeout) options.enableQueryTimeout = enableQueryTimeout;
  });
  for (const migration of done) logger.info({ migration: migration.name }, "migrated");
  return done.map(({ name }) => name);
}
