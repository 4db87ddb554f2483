import { setTimeout as sleep } from "node:timers/promises";
import type { DataSource, EntityManager } from "typeorm";
import { isConflict } from "./database-errors.js";

export interface Transaction {
  manager: EntityManager;
  /** Runs after the commit, before the response is sent. Does not run after a rollback. */
  afterCommit(effect: () => void | Promise<void>): void;
}

const attempts = 10;

/**
 * Runs the work in a transaction. If the database reports a conflict with another transaction (Galera does so at
 * COMMIT), all of it is rerun, so it must have no effects except through the manager and `afterCommit`.
 */
export async function inTransaction<T>(dataSource: DataSource, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const effects: (() => void | Promise<void>)[] = [];
    try {
      const result = await dataSource.transaction((manager) =>
        work({ manager, afterCommit: (effect) => effects.push(effect) }),
      );
      await Promise.all(effects.map((effect) => effect()));
      return result;
    } catch (error) {
      if (attempt >= attempts || !isConflict(error)) throw error;
      await sleep(Math.random() * 20 * attempt);
    }
  }
}
