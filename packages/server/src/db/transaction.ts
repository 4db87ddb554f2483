import { setTimeout as sleep } from "node:timers/promises";
import type { DataSource, EntityManager } from "typeorm";
import { isConflict, isNodeFailure } from "./database-errors.js";

export interface Transaction {
  manager: EntityManager;
  /** Runs after the commit, before the response is sent. Does not run after a rollback. */
  afterCommit(effect: () => void | Promise<void>): void;
}

interface TransactionOptions {
  /**
   * On the embedded database, COMMIT does not wait for the disk, so that a power failure may undo it, and BEGIN waits for
   * a running checkpoint. False if left out.
   */
  isExpendable?: boolean;
}

const attempts = 10;
/** How long a transaction is rerun after its connection was lost, in ms. */
const rerunLimitMs = 5_000;

/**
 * Runs the work in a transaction. If the database reports a conflict with another transaction (Galera does so at
 * COMMIT), or its node failed before COMMIT was sent, all of it is rerun, so it must have no effects except through the
 * manager and `afterCommit`.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const began = performance.now();
  for (let attempt = 1; ; attempt++) {
    const effects: (() => void | Promise<void>)[] = [];
    let isDone = false;
    try {
      const result = await runOnce(dataSource, options, async (manager) => {
        const result = await work({ manager, afterCommit: (effect) => effects.push(effect) });
        isDone = true;
        return result;
      });
      await Promise.all(effects.map((effect) => effect()));
      return result;
    } catch (error) {
      const isLost = !isDone && isNodeFailure(error) && performance.now() - began < rerunLimitMs;
      if (attempt >= attempts || !(isConflict(error) || isLost)) throw error;
      await sleep(Math.random() * 20 * attempt);
    }
  }
}

async function runOnce<T>(
  dataSource: DataSource,
  { isExpendable = false }: TransactionOptions,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  runner.data = { isExpendable };
  try {
    return await runner.manager.transaction(work);
  } finally {
    await runner.release();
  }
}
