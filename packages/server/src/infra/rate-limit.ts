import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { rateLimited } from "../core/errors.js";

/** A number of attempts within a number of seconds. */
export interface RateLimit {
  /**
   * Counts an attempt. Throws RATE_LIMITED with Retry-After if there were too many. Only the first rejected attempt
   * runs `reached` before, so that records of a reached limit do not grow with the number of attempts.
   */
  take(key: string, reached?: () => Promise<void>): Promise<void>;
  /** Forgets the attempts, e.g. after a success. */
  reset(key: string): Promise<void>;
  /** Uncounts one attempt. */
  giveBack(key: string): Promise<void>;
}

/** Shared by all processes through Redis. Without it, and while it is unavailable, each process counts by itself. */
export function createRateLimit(
  { name, attempts, seconds }: { name: string; attempts: number; seconds: number },
  redis: Redis | null,
): RateLimit {
  const options = { keyPrefix: `hallpass:limit:${name}`, points: attempts, duration: seconds };
  const memory = new RateLimiterMemory(options);
  const limiter = redis ? new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory }) : memory;
  return {
    async take(key, reached) {
      try {
        await limiter.consume(key);
      } catch (rejection) {
        if (!(rejection instanceof RateLimiterRes)) throw rejection;
        if (rejection.consumedPoints === attempts + 1) await reached?.();
        const wait = Math.max(1, Math.ceil(rejection.msBeforeNext / 1000));
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
