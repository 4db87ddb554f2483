import { type ChildProcess, fork } from "node:child_process";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";

/** Marks a statement that can take long, as its leading comment. */
export const longRead = "long read";

export const isLongRead = (sql: string) => sql.startsWith(`/* ${longRead} */`);

/** How long such a statement may take, in ms. */
export const longReadLimitMs = 5_000;

/** A long read was cancelled at its time limit. */
export class LongReadError extends Error {
  override name = "LongReadError";
}

export interface LongReads {
  /** Rows of a SELECT. Throws LongReadError at the time limit, and what SQLite throws. */
  read(sql: string, parameters: unknown[]): Promise<unknown[]>;
  /** Fails reads in flight, queued and later. */
  close(): void;
}

interface Options {
  file: string;
  busyTimeoutMs: number;
}

interface Answer {
  rows?: unknown[];
  error?: { message: string; code?: string };
}

const processes = 2;
const program = fileURLToPath(new URL("./long-read-process.js", import.meta.url));

/**
 * Reads the embedded database in processes with connections of their own, so that the thread that answers checks stays
 * free. Processes rather than threads, because a thread inside SQLite can't be stopped. They start with the first read.
 * Each runs one read at a time, and later ones wait.
 */
export function createLongReads({ file, busyTimeoutMs }: Options): LongReads {
  const idle = new Set<ChildProcess>();
  const all = new Set<ChildProcess>();
  const limit = pLimit(processes);
  let isClosed = false;

  function start(): ChildProcess {
    const child = fork(program, [file, String(busyTimeoutMs)], {
      serialization: "advanced",
      execArgv: [],
      // It needs no settings, and they include keys.
      env: {},
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    // Where cores are few, the process that answers checks comes first, also while this one starts.
    if (child.pid) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    child.unref();
    child.channel?.unref();
    // The read in flight reports it.
    child.on("error", () => {});
    child.once("exit", () => {
      all.delete(child);
      idle.delete(child);
    });
    all.add(child);
    return child;
  }

  async function run(sql: string, parameters: unknown[]): Promise<unknown[]> {
    if (isClosed) throw notOpen();
    const [child = start()] = idle;
    idle.delete(child);
    const { rows, error } = await answerOf(child, { sql, parameters });
    idle.add(child);
    if (rows) return rows;
    throw Object.assign(new Error(error?.message), { code: error?.code });
  }

  return {
    read: (sql, parameters) => limit(() => run(sql, parameters)),
    close() {
      isClosed = true;
      for (const child of all) child.kill("SIGKILL");
    },
  };
}

/** As better-sqlite3 reports it. */
const notOpen = () => new Error("The database connection is not open.");

function answerOf(child: ChildProcess, message: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      clearTimeout(timer);
      child.off("message", answered).off("error", failed).off("exit", ended);
      done();
    };
    const answered = (answer: unknown) => settle(() => resolve(answer as Answer));
    const failed = (error: unknown) => settle(() => reject(error));
    const ended = () => failed(notOpen());
    const timer = setTimeout(() => {
      failed(new LongReadError(`A statement took longer than ${longReadLimitMs / 1_000} seconds.`));
      child.kill("SIGKILL");
    }, longReadLimitMs);
    child.once("message", answered).once("error", failed).once("exit", ended);
    child.send(message, (error) => error && failed(error));
  });
}
