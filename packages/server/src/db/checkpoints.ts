import { Worker } from "node:worker_threads";
import type { Logger } from "pino";

/** Moves pages from the log of the embedded database to its file. */
export interface Checkpoints {
  /** Call it after a commit, with the number of pages in the log, and of those that are not in the file yet. */
  committed(pages: number, unmoved: number): void;
  /**
   * What a transaction waits for before it begins, so that the log can be written from its start again: only if it is
   * expendable, or if the log has become too long. Null if it can begin. Never rejects.
   */
  awaited(isExpendable: boolean): Promise<void> | null;
  close(): Promise<void>;
}

/** In pages of 4 KiB. */
const pagesPerCheckpoint = 4_000;
const tooManyPages = 8_000;
/** With so many, the commit itself checkpoints: the thread has failed, or someone has been reading for long. */
export const mostLogPages = 40_000;
/** After a failure, in ms. */
const pauseMs = 10_000;

interface Thread {
  run(): Promise<void>;
  end(): Promise<unknown>;
}

/**
 * By default, SQLite checkpoints during a COMMIT, which can block the main thread for 100 ms. These checkpoints run on a
 * separate thread with its own connection, which starts with the first of them.
 */
export function createCheckpoints(file: string, logger?: Logger): Checkpoints {
  let thread: Thread | null = null;
  let running: Promise<void> | null = null;
  /** The log was long after the running checkpoint began. */
  let isWanted = false;
  let isTooLong = false;
  let pausedUntil = 0;
  let isClosed = false;

  async function checkpoint(): Promise<void> {
    try {
      thread ??= startThread(file, () => {
        thread = null;
      });
      await thread.run();
    } catch (error) {
      isWanted = false;
      pausedUntil = performance.now() + pauseMs;
      logger?.warn({ err: error }, "the database's log was not checkpointed; the next attempt is in 10 s");
    }
  }

  async function run(): Promise<void> {
    while (isWanted && !isClosed) {
      isWanted = false;
      await checkpoint();
    }
    running = null;
  }

  return {
    committed(pages, unmoved) {
      isTooLong = pages >= tooManyPages;
      const isDue = unmoved >= pagesPerCheckpoint || (isTooLong && unmoved > 0);
      if (!isDue || isClosed || performance.now() < pausedUntil) return;
      isWanted = true;
      running ??= run();
    },
    awaited: (isExpendable) => (isExpendable || isTooLong ? running : null),
    async close() {
      isClosed = true;
      await running;
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
