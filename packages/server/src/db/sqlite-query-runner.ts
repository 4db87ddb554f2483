import { Mutex, type MutexInterface, withTimeout } from "async-mutex";
import type { Logger } from "pino";
import { type DataSource, QueryFailedError, QueryResult, type QueryRunner } from "typeorm";
import type { BetterSqlite3Driver } from "typeorm/driver/better-sqlite3/BetterSqlite3Driver.js";
import { BetterSqlite3QueryRunner } from "typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js";
import { type Checkpoints, createCheckpoints } from "./checkpoints.js";
import { isLongRead, type LongReads } from "./long-reads.js";

interface Options {
  /** The database's file. */
  file: string;
  waitMs: number;
  longReads: LongReads;
  logger?: Logger | undefined;
}

/** What all runners share. */
interface Shared {
  mutex: MutexInterface;
  statements: PreparedStatements;
  longReads: LongReads;
  checkpoints: Checkpoints;
}

/**
 * SQLite has one connection, and TypeORM hands the same query runner to every caller, so that one caller's statement
 * would run inside another's transaction. Here each caller has its own runner, and a transaction holds the connection
 * from BEGIN to COMMIT or ROLLBACK while all other statements wait. After `waitMs` they throw a DatabaseBusyError.
 */
export function queueSqliteTransactions(dataSource: DataSource, { file, waitMs, longReads, logger }: Options): void {
  const mutex = withTimeout(new Mutex(), waitMs, new DatabaseBusyError("The database is busy."));
  const checkpoints = createCheckpoints(file, logger);
  const shared: Shared = { mutex, statements: new Map(), longReads, checkpoints };
  const driver = dataSource.driver as BetterSqlite3Driver;
  driver.createQueryRunner = () => new QueuedQueryRunner(driver, shared);
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
const durable = "synchronous = FULL";
/** A commit only appends to the log. */
const expendable = "synchronous = NORMAL";

/** Set by inTransaction. */
const isExpendable = ({ data }: QueryRunner): boolean => data.isExpendable === true;

class QueuedQueryRunner extends BetterSqlite3QueryRunner {
  private releaseConnection: MutexInterface.Releaser | undefined;

  constructor(
    driver: BetterSqlite3Driver,
    private readonly shared: Shared,
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
    const mayWrite = () => !this.shared.statements.get(sql)?.readonly;
    if (mayWrite()) await this.shared.checkpoints.awaited(false);
    return this.shared.mutex.runExclusive(async () => {
      const result = await run();
      if (mayWrite()) this.noteCommit();
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
    if (this.releaseConnection || this.shared.mutex.isLocked() || this.dataSource.subscribers.length > 0) return null;
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
    const isOutermost = this.releaseConnection === undefined;
    if (isOutermost) await this.shared.checkpoints.awaited(isExpendable(this));
    this.releaseConnection ??= await this.shared.mutex.acquire();
    try {
      // Not possible within a transaction. Whatever failed before, a durable one never begins without it.
      if (isOutermost) this.pragma(isExpendable(this) ? expendable : durable);
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
    try {
      // If both COMMIT and ROLLBACK failed, no other transaction could ever begin.
      if (this.driver.databaseConnection.inTransaction) this.driver.databaseConnection.exec("ROLLBACK");
      if (isExpendable(this)) this.pragma(durable);
    } finally {
      this.noteCommit();
      this.releaseConnection();
      this.releaseConnection = undefined;
    }
  }

  /** Tells how long the log is, which takes microseconds. */
  private noteCommit(): void {
    try {
      const [{ log, checkpointed }] = this.pragma("wal_checkpoint(NOOP)");
      this.shared.checkpoints.committed(log, log - checkpointed);
    } catch {
      // The commit has succeeded. The next one tells.
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: the rows depend on the pragma.
  private pragma(text: string): any {
    return this.driver.databaseConnection.pragma(text);
  }
}
