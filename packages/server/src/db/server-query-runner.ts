import type { PoolConnection } from "mysql2";
import { QueryFailedError, type ReplicationMode } from "typeorm";
import type { MysqlDriver } from "typeorm/driver/mysql/MysqlDriver.js";
import { MysqlQueryRunner } from "typeorm/driver/mysql/MysqlQueryRunner.js";
import { codeOf, isNodeFailure, NodeReadOnlyError } from "./database-errors.js";
import { isLongRead, longReadLimitMs } from "./long-reads.js";
import { type Nodes, prepareConnection } from "./nodes.js";

const prepared = new WeakSet<PoolConnection>();

/**
 * Runs statements on a database server, or on one node of several. When the node fails, it moves to the next, and
 * retries there what cannot have been stored: reads outside transactions, and statements that were not sent.
 * `inTransaction` reruns transactions.
 */
export class ServerQueryRunner extends MysqlQueryRunner {
  constructor(
    driver: MysqlDriver,
    mode: ReplicationMode,
    private readonly nodes: Nodes,
    private readonly options: { isMariadb: boolean; limitMs: number | undefined },
  ) {
    super(driver, mode);
  }

  override async connect(): Promise<PoolConnection> {
    const connection: PoolConnection = await super.connect();
    if (prepared.has(connection)) return connection;
    const timeout = this.nodes.connectLimitMs;
    const { isReadOnly } = await prepareConnection(
      async (sql) => (await connection.promise().query({ sql, timeout }))[0],
      this.options.limitMs,
    );
    if (isReadOnly && this.nodes.leaveReadOnly(connection.config)) throw new NodeReadOnlyError();
    prepared.add(connection);
    return connection;
  }

  // biome-ignore lint/suspicious/noExplicitAny: TypeORM's own signature. The result depends on the statement.
  override async query(sql: string, parameters?: any[], structured?: boolean): Promise<any> {
    const statement = isLongRead(sql) ? this.limited(sql) : sql;
    for (let attempt = 1; ; attempt++) {
      const node = this.nodes.current();
      try {
        return await super.query(statement, parameters, structured as true);
      } catch (error) {
        const isWaiting = isBegin(sql) || (isRead(sql) && !this.isTransactionActive);
        if (!isNodeFailure(error, isWaiting)) throw error;
        const hasMoved = this.leaveNode(error, node);
        const isInTransaction = this.transactionDepth > 0;
        const wasStored = error instanceof QueryFailedError && (!isRead(sql) || this.isTransactionActive);
        if (!hasMoved || isInTransaction || wasStored || attempt >= this.nodes.database.hosts.length) throw error;
      }
    }
  }

  /** Returns a connection to the pool only if it can be used by others. */
  override async rollbackTransaction(): Promise<void> {
    try {
      await super.rollbackTransaction();
    } catch (error) {
      this.databaseConnection?.destroy();
      throw error;
    }
  }

  /** Ends a connection to a node that is no longer in use. */
  override async release(): Promise<void> {
    const connection: PoolConnection | undefined = this.databaseConnection;
    if (connection && !this.nodes.isInUse(connection.config)) connection.destroy();
    await super.release();
  }

  /**
   * Returns whether the next statement will run on another node. `node`: the one in use before, in case there was no
   * connection.
   */
  private leaveNode(error: unknown, node: ReturnType<Nodes["current"]>): boolean {
    const connection: PoolConnection | undefined = this.databaseConnection;
    const hasMoved = this.nodes.leave(codeOf(error), connection?.config ?? node);
    // Later statements, ROLLBACK included, would wait behind this one, and their time limits would not even begin.
    if (codeOf(error) === "PROTOCOL_SEQUENCE_TIMEOUT") connection?.destroy();
    if (hasMoved) {
      this.databaseConnection = undefined;
      this.databaseConnectionPromise = undefined as never;
    }
    return hasMoved;
  }

  /** The database server cancels long reads at their time limit. Other statements have no limit in the database. */
  private limited(sql: string): string {
    return this.options.isMariadb
      ? `SET STATEMENT max_statement_time=${longReadLimitMs / 1_000} FOR ${sql}`
      : sql.replace(/\bSELECT\b/, `SELECT /*+ MAX_EXECUTION_TIME(${longReadLimitMs}) */`);
  }
}

const isBegin = (sql: string) => sql === "START TRANSACTION";

/** Whether a statement can be repeated on another node. */
const isRead = (sql: string) => /^\s*(?:\/\*.*?\*\/\s*)?SELECT\b/is.test(sql);
