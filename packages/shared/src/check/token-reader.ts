import type { TokenSnapshot } from "./types.js";
import { Undecided } from "./undecided.js";

/** Reads many tokens in one statement, a few statements at a time. */
export interface TokenReader {
  /** Null if there is no such token. Throws Undecided if it takes too long or too many reads are waiting. */
  read(id: string): Promise<TokenSnapshot | null>;
}

interface Options {
  readMany(ids: string[]): Promise<Map<string, TokenSnapshot>>;
  /** Concurrent statements. The change feed needs a connection besides. */
  statements?: number;
  idsPerStatement?: number;
  /** Reads that may be waiting or in progress. */
  limit?: number;
  timeoutMs?: number;
}

interface Read {
  id: string;
  settle(snapshot: TokenSnapshot | null): void;
  fail(error: unknown): void;
}

export function createTokenReader({
  readMany,
  statements = 4,
  idsPerStatement = 100,
  limit = 2_000,
  timeoutMs = 2_000,
}: Options): TokenReader {
  let waiting: Read[] = [];
  let open = 0;
  let running = 0;

  async function run(batch: Read[]): Promise<void> {
    running++;
    try {
      const found = await readMany([...new Set(batch.map(({ id }) => id))]);
      for (const { id, settle } of batch) settle(found.get(id) ?? null);
    } catch (error) {
      for (const { fail } of batch) fail(error);
    } finally {
      running--;
      next();
    }
  }

  function next(): void {
    while (running < statements && waiting.length > 0) {
      const batch = waiting.slice(0, idsPerStatement);
      waiting = waiting.slice(idsPerStatement);
      void run(batch);
    }
  }

  return {
    read(id) {
      if (open >= limit) return Promise.reject(new Undecided("Reading the token took too long."));
      open++;
      return new Promise<TokenSnapshot | null>((resolve, reject) => {
        const timer = setTimeout(() => {
          // No one waits for an unresponsive statement. The database's own time limit ends it.
          waiting = waiting.filter((each) => each !== read);
          reject(new Undecided("Reading the token took too long."));
        }, timeoutMs);
        const read: Read = {
          id,
          settle(snapshot) {
            clearTimeout(timer);
            resolve(snapshot);
          },
          fail(error) {
            clearTimeout(timer);
            reject(error);
          },
        };
        // Reads requested in the same turn of the event loop share a statement.
        if (waiting.push(read) === 1) setImmediate(next);
      }).finally(() => {
        open--;
      });
    },
  };
}
