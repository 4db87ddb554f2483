import { mkdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { Logger } from "pino";
import { DataSource, type DataSourceOptions } from "typeorm";
import type { Config, ServerDatabase } from "../config.js";
import { entities } from "./entities.js";
import { migrations } from "./migrations/index.js";
import { queueSqliteTransactions } from "./sqlite-query-runner.js";

/** How long a statement waits for its turn on the embedded database, in ms. */
const sqliteWaitMs = 10_000;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 20_000;
const connections = 10;

/** Connects to the configured database. The caller destroys it. Migrations are run apart, by `runMigrations`. */
export async function openDataSource(config: Pick<Config, "database" | "dataDir">): Promise<DataSource> {
  if (config.database) return openServerDatabase(config.database);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const dataSource = new DataSource(sqliteOptions(join(config.dataDir, "hallpass.sqlite")));
  queueSqliteTransactions(dataSource, sqliteWaitMs);
  return dataSource.initialize();
}

const common = {
  entities,
  migrations,
  migrationsTableName: "migration",
  // findOne({ where: { id: undefined } }) must not mean 'the first row of anyone'.
  invalidWhereValuesBehavior: { null: "throw", undefined: "throw" },
} as const;

function sqliteOptions(database: string): DataSourceOptions {
  return {
    ...common,
    type: "better-sqlite3",
    database,
    enableWAL: true,
    timeout: 2_000,
    prepareDatabase: (connection: { pragma(text: string): void }) => connection.pragma("synchronous = FULL"),
  };
}

async function openServerDatabase(database: ServerDatabase): Promise<DataSource> {
  const dataSource = new DataSource({
    ...common,
    // With "mysql" TypeORM sees drift in nullable columns of MariaDB; with "mariadb" it sees none in either.
    type: "mariadb",
    username: database.user,
    password: database.password,
    database: database.name,
    timezone: "Z",
    charset: "utf8mb4_bin",
    isolationLevel: "READ COMMITTED",
    connectTimeout: connectTimeoutMs,
    poolSize: connections,
    enableQueryTimeout: true,
    maxQueryExecutionTime: statementTimeoutMs,
    extra: { stream: streamTo(database.hosts), queueLimit: 500, maxIdle: connections, enableKeepAlive: true },
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
