import { mkdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { Logger } from "pino";
import { DataSource, type DataSourceOptions } from "typeorm";
import type { Config, ServerDatabase } from "../infra/config.js";
import { migrations } from "./migrations/index.js";
import { queueSqliteTransactions } from "./sqlite-query-runner.js";

/** How long a statement waits for its turn on the embedded database, in ms. */
const sqliteWaitMs = 10_000;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 20_000;
const connections = 10;
/** Statements that read tokens for checks at once. */
export const checkStatements = 4;

type Entities = NonNullable<DataSourceOptions["entities"]>;
type DatabaseConfig = Pick<Config, "database" | "dataDir">;

/** Connects to the configured database, whose tables these entities describe. The caller destroys it. Migrations are run apart, by `runMigrations`. */
export async function openDataSource(config: DatabaseConfig, entities: Entities): Promise<DataSource> {
  if (config.database) return openServerDatabase(config.database, entities, connections);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const dataSource = new DataSource(sqliteOptions(config, entities));
  queueSqliteTransactions(dataSource, sqliteWaitMs);
  return dataSource.initialize();
}

/**
 * Connects again for what checks rely on alone: they must not wait for connections that requests have taken, nor for
 * transactions on the embedded database, from which it only reads. The schema must be there. The caller destroys it.
 */
export async function openCheckConnections(config: DatabaseConfig, entities: Entities): Promise<DataSource> {
  // One more for the change feed.
  if (config.database) return openServerDatabase(config.database, entities, checkStatements + 1);
  return new DataSource({ ...sqliteOptions(config, entities), readonly: true, enableWAL: false }).initialize();
}

const common = {
  migrations,
  migrationsTableName: "migration",
  // findOne({ where: { id: undefined } }) must not mean 'the first row of anyone'.
  invalidWhereValuesBehavior: { null: "throw", undefined: "throw" },
} as const;

function sqliteOptions({ dataDir }: DatabaseConfig, entities: Entities) {
  return {
    ...common,
    entities,
    type: "better-sqlite3",
    database: join(dataDir, "hallpass.sqlite"),
    enableWAL: true,
    timeout: 2_000,
    statementCacheSize: 500,
    prepareDatabase: (connection: { pragma(text: string): void }) => connection.pragma("synchronous = FULL"),
  } as const;
}

async function openServerDatabase(database: ServerDatabase, entities: Entities, poolSize: number): Promise<DataSource> {
  const dataSource = new DataSource({
    ...common,
    entities,
    // With "mysql" TypeORM sees drift in nullable columns of MariaDB; with "mariadb" it sees none in either.
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
      return await dataSource.initialize();
    } catch (error) {
      if (attempt >= database.hosts.length) throw error;
    }
  }
}

/** Opens sockets to the first host that takes them; one that refuses makes the next connection try the next host. */
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

/** mysql2's pool keeps its state in these. */
interface Pool {
  _allConnections: { length: number };
  _freeConnections: { length: number };
  _connectionQueue: { length: number };
}

/** Null: the embedded database has none. */
export function poolOf({ driver }: DataSource): Pool | null {
  return (driver as { pool?: Pool }).pool ?? null;
}

/** Brings the schema up to date, and logs and returns which migrations that took. */
export async function runMigrations(dataSource: DataSource, logger: Logger): Promise<string[]> {
  const done = await dataSource.runMigrations({ transaction: "each" });
  for (const migration of done) logger.info({ migration: migration.name }, "migrated");
  return done.map(({ name }) => name);
}
