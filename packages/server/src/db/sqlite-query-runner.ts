import { Mutex, type MutexInterface, withTimeout } from "async-mutex";
import type { DataSource } from "typeorm";
import type { BetterSqlite3Driver } from "typeorm/driver/better-sqlite3/BetterSqlite3Driver.js";
import { BetterSqlite3QueryRunner } from "typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js";

/**
 * SQLite has one connection, and TypeORM hands the same query runner to everyone: a statement of one caller
 * would run inside the transaction of another. Here each caller has a runner of its own, and a transaction
 * holds the connection from BEGIN to COMMIT or ROLLBACK while all other statements wait their turn.
 */
export function queueSqliteTransactions(dataSource: DataSource, waitMs: number): void {
  const mutex = withTimeout(new Mutex(), waitMs, new DatabaseBusyError("The database is busy."));
  const statements: PreparedStatements = new Map();
  const driver = dataSource.driver as BetterSqlite3Driver;
  driver.createQueryRunner = () => new QueuedQueryRunner(driver, mutex, statements);
}

/** By their SQL. */
type PreparedStatements = Map<string, object>;

export class DatabaseBusyError extends Error {
  override name = "DatabaseBusyError";
}

class QueuedQueryRunner extends BetterSqlite3QueryRunner {
  private releaseConnection: MutexInterface.Releaser | undefined;

  constructor(
    driver: BetterSqlite3Driver,
    private readonly mutex: MutexInterface,
    statements: PreparedStatements,
  ) {
    super(driver);
    // TypeORM's own cache, which would end with the runner.
    Object.assign(this, { stmtCache: statements });
  }

  // biome-ignore lint/suspicious/noExplicitAny: TypeORM's own signature; what comes back depends on the statement.
  override async query(sql: string, parameters?: any[], structured?: boolean): Promise<any> {
    // IMMEDIATE takes the write lock at once, so that another process never makes a transaction fail halfway.
    const statement = sql === "BEGIN TRANSACTION" ? "BEGIN IMMEDIATE TRANSACTION" : sql;
    const run = () => super.query(statement, parameters, structured as true);
    return this.releaseConnection ? run() : this.mutex.runExclusive(run);
  }

  override async startTransaction(): Promise<void> {
    this.releaseConnection ??= await this.mutex.acquire();
    try {
      await super.startTransaction();
    } catch (error) {
      this.endExclusiveUse();
      throw error;
    }
  }

  override async commitTransaction(): Promise<void> {
    await super.commitTransaction();
    if (!this.isTransactionActive) this.endExclusiveUse();
  }

  override async rollbackTransaction(): Promise<void> {
    try {
      await super.rollbackTransaction();
    } finally {
      if (!this.isTransactionActive) this.endExclusiveUse();
    }
  }

  override release(): Promise<void> {
    this.endExclusiveUse();
    return super.release();
  }

  private endExclusiveUse(): void {
    if (!this.releaseConnection) return;
    // After a COMMIT and a ROLLBACK that both failed, nobody else could ever begin.
    if (this.driver.databaseConnection.inTransaction) this.driver.databaseConnection.exec("ROLLBACK");
    this.releaseConnection();
    this.releaseConnection = undefined;
  }
}
