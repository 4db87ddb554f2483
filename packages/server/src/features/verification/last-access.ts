import type { Logger } from "pino";
import { type DataSource, In } from "typeorm";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";

/** Keeps when each token last passed a check: in memory at once, in the database every two seconds. */
export interface LastAccessRecorder {
  record(tokenId: string, at: Date): void;
  /** What is in memory and not yet stored; for an answer that must not be behind. */
  pending(tokenId: string): Date | null;
  /** Writes what is left and ends the timer. */
  close(): Promise<void>;
}

const intervalMs = 2_000;
const tokensPerStatement = 200;

export function createLastAccessRecorder(dataSource: DataSource, logger: Logger): LastAccessRecorder {
  let seen = new Map<string, Date>();
  let writing: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    if (seen.size === 0) return;
    const batch = seen;
    seen = new Map();
    try {
      await write(dataSource, [...batch]);
    } catch (error) {
      logger.warn({ err: error, tokens: batch.size }, "last access not written; kept for the next try");
      seen = new Map([...batch, ...seen]);
    }
  }

  const timer = setInterval(() => {
    writing = writing.then(flush);
  }, intervalMs);
  timer.unref();

  return {
    record: (tokenId, at) => void seen.set(tokenId, at),
    pending: (tokenId) => seen.get(tokenId) ?? null,
    async close() {
      clearInterval(timer);
      await writing;
      await flush();
    },
  };
}

/** One statement for many tokens, of one column, forward only: no change of an administrator is ever undone. */
async function write(dataSource: DataSource, batch: [string, Date][]): Promise<void> {
  for (let start = 0; start < batch.length; start += tokensPerStatement) {
    const part = batch.slice(start, start + tokensPerStatement);
    const parameters: Record<string, unknown> = {};
    const cases = part.map(([id, at], index) => {
      parameters[`id${index}`] = id;
      parameters[`at${index}`] = at;
      return `WHEN id = :id${index} AND (last_access_at IS NULL OR last_access_at < :at${index}) THEN :at${index}`;
    });
    await dataSource
      .createQueryBuilder()
      .update(ApiTokenEntity)
      .set({ lastAccessAt: () => `CASE ${cases.join(" ")} ELSE last_access_at END` })
      .where({ id: In(part.map(([id]) => id)) })
      .setParameters(parameters)
      .execute();
  }
}
