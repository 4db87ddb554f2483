import { Redis } from "ioredis";
import type { Logger } from "pino";

const commandTimeoutMs = 250;
/** After so long without an answer the connection counts as lost, in ms. */
const socketTimeoutMs = 1_000;

/** A connection that comes back by itself and on which nothing ever waits: a command fails at once while it is away. */
export function connectRedis(url: string, logger: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: commandTimeoutMs,
    socketTimeout: socketTimeoutMs,
    retryStrategy: (tries) => Math.min(tries * 100, 2_000),
  });
  let isAway = false;
  redis.on("error", (error) => {
    if (!isAway) logger.warn({ err: error }, "Redis is away");
    isAway = true;
  });
  redis.on("ready", () => {
    if (isAway) logger.info("Redis is back");
    isAway = false;
  });
  return redis;
}
