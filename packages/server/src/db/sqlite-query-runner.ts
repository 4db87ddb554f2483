import { Mutex, type MutexInterface, withTimeout } from "async-mutex";
import { type DataSource, QueryFailedError, QueryResult, type QueryRunner } from "typeorm";
import type { BetterSqlite3Driver } from "typeorm/driver/better-sqlite3/BetterSqlite3Driver.js";
import { BetterSqlite3QueryRunner } from "typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js";
import type { Checkpoints } from "./checkpoints.js";
import { isLongRead, type LongReads } from "./long-reads.js";

interface Options {
  waitMs: number;
  longReads: LongReads;
  checkpoints: Checkpoints;
}

/**
 * SQLite has one connection, and TypeORM hands the same query runner to every caller, so that one caller's statement
 * would run inside another's transaction. Here each caller has its own runner, and a transaction holds the connection
 * from BEGIN to COMMIT or ROLLBACK while all other statements wait. After `waitMs` they throw a DatabaseBusyError.
 */
export function queueSqliteTransactions(dataSource: DataSource, { waitMs, longReads, checkpoints }: Options): void {
  const mutex = withTimeout(new Mutex(), waitMs, new DatabaseBusyError("The database is busy."));
  const statements: PreparedStatements = new Map();
  const driver = dataSource.driver as BetterSqlite3Driver;
  driver.createQueryRunner = () => new QueuedQueryRunner(driver, mutex, { statements, longReads, checkpoints });
  const disconnect = driver.disconnect.bind(driver);
  driver.disconnect = async () => {
    longReads.close();
    await checkpoints.close();
    await disconnect();
  };
}

/** What better-sqlite3 prepares. */
interface Statement {
  /** Whether it writes nothing. */
  readonly: boolean;
  /** Whether it returns rows. */
  reader: boolean;
  all(...parameters: unknown[]): unknown[];
}

/** By SQL. */
type PreparedStatements = Map<string, Statement>;

export class DatabaseBusyError extends Error {
  override name = "DatabaseBusyError";
}

/** A commit waits until the disk has it. */
export const durable = "synchronous = FULL";

/** Set by inTransaction. */
const isExpendable = ({ data }: QueryRunner): boolean => data.isExpendable === true;

class QueuedQueryRunner extends BetterSqlite3QueryRunner {
  private releaseConnection: MutexInterface.Releaser | undefined;

  constructor(
    driver: BetterSqlite3Driver,
    private readonly mutex: MutexInterface,
    private readonly shared: Pick<Options, "longReads" | "checkpoints"> & { statements: PreparedStatements },
  ) {
    super(driver);
    // TypeORM's own cache would be discarded with the runner.
    Object.assign(this, { stmtCache: shared.statements });
  }

  // biome-ignore lint/suspicious/noExplicitAny: TypeORM's own signature. The result depends on the statement.
  override async query(sql: string, parameters?: any[], structured?: boolean): Promise<any> {
    // IMMEDIATE takes the write lock at once, so that another process cannot make a transaction fail halfway.
    const statement = sql === "BEGIN TRANSACTION" ? "BEGIN IMMEDIATE TRANSACTION" : sql;
    const rows = structured ? null : this.readAtOnce(sql, parameters ?? []);
    if (rows) return rows;
    if (!this.releaseConnection && isLongRead(sql)) {
      const rows = await this.readLong(sql, parameters);
      return structured ? Object.assign(new QueryResult(), { raw: rows, records: rows }) : rows;
    }
    const run = () => super.query(statement, parameters, structured as true);
    if (this.releaseConnection) return run();
    return this.mutex.runExclusive(async () => {
      const result = await run();
      if (!this.shared.statements.get(sql)?.readonly) this.noteCommit();
      return result;
    });
  }

  /**
   * The rows of a statement that is prepared and only reads, while no one else has the connection. Null otherwise, and if
   * a subscriber follows the statements.
   */
  private readAtOnce(sql: string, parameters: unknown[]): unknown[] | null {
    const statement = this.shared.statements.get(sql);
    if (!statement?.readonly || !statement.reader || isLongRead(sql)) return null;
    if (parameters.some((value) => typeof value === "boolean")) return null;
    if (this.releaseConnection || this.mutex.isLocked() || this.dataSource.subscribers.length > 0) return null;
    this.dataSource.logger.logQuery(sql, parameters, this);
    try {
      return statement.all(...parameters);
    } catch (error) {
      this.dataSource.logger.logQueryError(error as Error, sql, parameters, this);
      throw new QueryFailedError(sql, parameters, error as Error);
    }
  }

  /** Tells TypeORM's logger and subscribers, like `query`. */
  private async readLong(sql: string, parameters: unknown[] | undefined): Promise<unknown[]> {
    this.dataSource.logger.logQuery(sql, parameters, this);
    await this.broadcaster.broadcast("BeforeQuery", sql, parameters);
    let rows: unknown[] | undefined;
    try {
      rows = await this.shared.longReads.read(sql, parameters ?? []);
      return rows;
    } finally {
      await this.broadcaster.broadcast("AfterQuery", sql, parameters, rows !== undefined, undefined, rows, undefined);
    }
  }

  override async startTransaction(): Promise<void> {
    if (isExpendable(this)) await this.shared.checkpoints.idle();
    this.releaseConnection ??= await this.mutex.acquire();
    try {
      // Not possible within a transaction.
      if (isExpendable(this)) this.pragma("synchronous = NORMAL");
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
    // If both COMMIT and ROLLBACK failed, no other transaction could ever begin.
    if (this.driver.databaseConnection.inTransaction) this.driver.databaseConnection.exec("ROLLBACK");
    try {
      if (isExpendable(this)) this.pragma(durable);
      this.noteCommit();
    } finally {
      this.releaseConnection();
      this.releaseConnection = undefined;
    }
  }

  /** Tells how long the log is, which takes microseconds. */
  private noteCommit(): void {
    const [{ log, checkpointed }] = this.pragma("wal_checkpoint(NOOP)");
    this.shared.checkpoints.committed(log - checkpointed);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the rows depend on the pragma.
  private pragma(text: string): any {
    return this.driver.databaseConnection.pragma(text);
  }
}
