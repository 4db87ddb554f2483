import type { DataSource } from "typeorm";
import type { BetterSqlite3Driver } from "typeorm/driver/better-sqlite3/BetterSqlite3Driver.js";
import { BetterSqlite3QueryRunner } from "typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js";

/**
 * SQLite has one connection, and TypeORM hands the same query runner to everyone: a statement of one caller
 * would run inside the transaction of another. Here each caller has a runner of its own, and a transaction
 * holds the connection from BEGIN to COMMIT or ROLLBACK while all other statements wait their turn.
 */
export function queueSqliteTransactions(dataSource: DataSource, waitMs: number): void {
  const turn = new Turn(waitMs);
  const driver = dataSource.driver as BetterSqlite3Driver;
  driver.createQueryRunner = () => new QueuedQueryRunner(driver, turn);
}

export class DatabaseBusyError extends Error {
  override name = "DatabaseBusyError";
}

/** Who may use the connection now, in order of asking. */
class Turn {
  private tail: Promise<void> = Promise.resolve();

  constructor(private readonly waitMs: number) {}

  /** Resolves to a function that ends the turn. Throws when it has not come after the time limit. */
  async take(): Promise<() => void> {
    let end: () => void = () => {};
    const before = this.tail;
    const mine = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.tail = before.then(() => mine);

    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DatabaseBusyError("The database is busy.")), this.waitMs);
    });
    try {
      await Promise.race([before, late]);
      return end;
    } catch (error) {
      end();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

class QueuedQueryRunner extends BetterSqlite3QueryRunner {
  private endTurn: (() => void) | undefined;

  constructor(
    driver: BetterSqlite3Driver,
    private readonly turn: Turn,
  ) {
    super(driver);
  }

  // biome-ignore lint/suspicious/noExplicitAny: TypeORM's own signature; what comes back depends on the statement.
  override async query(sql: string, parameters?: any[], structured?: boolean): Promise<any> {
    // IMMEDIATE takes the write lock at once, so that another process never makes a transaction fail halfway.
    const statement = sql === "BEGIN TRANSACTION" ? "BEGIN IMMEDIATE TRANSACTION" : sql;
    if (this.endTurn) return super.query(statement, parameters, structured as true);
    const end = await this.turn.take();
    try {
      return await super.query(statement, parameters, structured as true);
    } finally {
      end();
    }
  }

  override async startTransaction(): Promise<void> {
    this.endTurn ??= await this.turn.take();
    try {
      await super.startTransaction();
    } catch (error) {
      this.giveUpTurn();
      throw error;
    }
  }

  override async commitTransaction(): Promise<void> {
    await super.commitTransaction();
    if (!this.isTransactionActive) this.giveUpTurn();
  }

  override async rollbackTransaction(): Promise<void> {
    try {
      await super.rollbackTransaction();
    } finally {
      if (!this.isTransactionActive) this.giveUpTurn();
    }
  }

  override release(): Promise<void> {
    this.giveUpTurn();
    return super.release();
  }

  private giveUpTurn(): void {
    if (!this.endTurn) return;
    // After a COMMIT and a ROLLBACK that both failed, nobody else could ever begin.
    if (this.driver.databaseConnection.inTransaction) this.driver.databaseConnection.exec("ROLLBACK");
    this.endTurn();
    this.endTurn = undefined;
  }
}
