import { Redis } from "ioredis";
import type { Logger } from "pino";

const commandTimeoutMs = 250;
/** After this long without a response, the connection counts as lost, in ms. */
const socketTimeoutMs = 1_000;

/**
 * A connection that reconnects by itself and that nothing waits for: while it is unavailable, commands fail at once.
 */
export function connectRedis(url: string, logger: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: commandTimeoutMs,
    socketTimeout: socketTimeoutMs,
    retryStrategy: (attempts) => Math.min(attempts * 100, 2_000),
  });
  let isUnavailable = false;
  redis.on("error", (error) => {
    if (!isUnavailable) logger.warn({ err: error }, "Redis is unavailable");
    isUnavailable = true;
  });
  redis.on("ready", () => {
    if (isUnavailable) logger.info("Redis is available again");
    isUnavailable = false;
  });
  return redis;
}
