import { Worker } from "node:worker_threads";
import type { Logger } from "pino";

/** Moves pages from the log of the embedded database to its file. */
export interface Checkpoints {
  /**
   * Call it after an expendable transaction of so many rows. Resolves when the log is short enough to go on. Never
   * throws.
   */
  written(rows: number): Promise<void>;
  close(): Promise<void>;
}

/** For a database server. */
export const noCheckpoints: Checkpoints = { written: async () => {}, close: async () => {} };

/** The log grows by about as many pages. */
const rowsPerCheckpoint = 5_000;

interface Thread {
  run(): Promise<void>;
  end(): Promise<unknown>;
}

/**
 * SQLite checkpoints in the COMMIT that makes the log long enough, which takes up to 100 ms. Usage would make it do so
 * several times a second. Here a thread with a connection of its own does it, so that the one that answers checks stays
 * free. It starts with the first checkpoint.
 */
export function createCheckpoints(file: string, logger: Logger): Checkpoints {
  let thread: Thread | null = null;
  let rows = 0;
  let last: Promise<void> = Promise.resolve();

  async function checkpoint(): Promise<void> {
    thread ??= startThread(file, () => {
      thread = null;
    });
    // The next durable commit checkpoints, if this could not.
    await thread.run().catch((error) => logger.warn({ err: error }, "the database's log was not checkpointed"));
  }

  return {
    written(more) {
      rows += more;
      if (rows < rowsPerCheckpoint) return Promise.resolve();
      rows = 0;
      last = last.then(checkpoint);
      return last;
    },
    async close() {
      await last;
      await thread?.end();
    },
  };
}

function startThread(file: string, ended: () => void): Thread {
  const worker = new Worker(new URL("./checkpoint-thread.js", import.meta.url), { workerData: file, env: {} });
  let settle: { resolve(): void; reject(error: unknown): void } | null = null;
  worker.on("message", () => settle?.resolve());
  worker.on("error", (error) => settle?.reject(error));
  worker.once("exit", () => {
    settle?.reject(new Error("The checkpoint's thread ended."));
    ended();
  });
  worker.unref();
  return {
    async run() {
      // The process must not end meanwhile.
      worker.ref();
      try {
        await new Promise<void>((resolve, reject) => {
          settle = { resolve, reject };
          worker.postMessage("checkpoint");
        });
      } finally {
        settle = null;
        worker.unref();
      }
    },
    end: () => worker.terminate(),
  };
}
