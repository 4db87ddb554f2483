import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { rateLimited } from "../core/errors.js";

/** So many tries of one thing in so many seconds. */
export interface RateLimit {
  /**
   * Counts a try. Throws RATE_LIMITED with Retry-After when there were too many; the first of these runs `reached`
   * before, so that what is noted of a limit does not grow with the tries.
   */
  take(key: string, reached?: () => Promise<void>): Promise<void>;
  /** Forgets the tries, e.g. after one that succeeded. */
  reset(key: string): Promise<void>;
  /** Uncounts one try. */
  giveBack(key: string): Promise<void>;
}

/** Shared by all processes with Redis; while it is away, and without it, each process counts for itself. */
export function createRateLimit(
  { name, tries, seconds }: { name: string; tries: number; seconds: number },
  redis: Redis | null,
): RateLimit {
  const options = { keyPrefix: `hallpass:limit:${name}`, points: tries, duration: seconds };
  const memory = new RateLimiterMemory(options);
  const limiter = redis ? new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory }) : memory;
  return {
    async take(key, reached) {
      try {
        await limiter.consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        if (refusal.consumedPoints === tries + 1) await reached?.();
        const wait = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
        throw rateLimited(`Too many attempts. Try again in ${inWords(wait)}.`, wait);
      }
    },
    async reset(key) {
      await limiter.delete(key);
    },
    async giveBack(key) {
      await limiter.reward(key);
    },
  };
}

function inWords(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? "a second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}
