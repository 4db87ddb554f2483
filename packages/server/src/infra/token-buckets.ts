import { bucketState, createLocalBuckets, intervalOf, type TokenBuckets } from "@hallpass/shared/check";
import type { Redis } from "ioredis";

/**
 * The generic cell rate algorithm (ITU-T I.371): a bucket is the time at which it will be full. KEYS: the bucket. ARGV: the
 * interval of a request and of all of them, in µs. By Redis' own clock, as those of the processes differ. Returns whether
 * the request is allowed, and in how many µs the bucket is full.
 */
const script = `
  local time = redis.call("TIME")
  local now = time[1] * 1000000 + time[2]
  local full = math.max(tonumber(redis.call("GET", KEYS[1]) or 0), now)
  local next = full + ARGV[1]
  if next - now > tonumber(ARGV[2]) then return {0, full - now} end
  redis.call("SET", KEYS[1], string.format("%.0f", next), "PX", math.ceil((next - now) / 1000))
  return {1, next - now}`;

type RedisWithTake = Redis & { takeFromBucket(key: string, interval: number, all: number): Promise<[number, number]> };

/** Shared by all processes through Redis. Without it, and while it is unavailable, each process has its own. */
export function createTokenBuckets(redis: Redis | null, maxEntries: number): TokenBuckets {
  const local = createLocalBuckets(maxEntries);
  if (!redis) return local;
  redis.defineCommand("takeFromBucket", { numberOfKeys: 1, lua: script });
  return {
    take: (key, size, now) =>
      (redis as RedisWithTake)
        .takeFromBucket(`hallpass:bucket:${key}`, Math.round(intervalOf(size) * 1000), size.perSeconds * 1_000_000)
        .then(
          ([allowed, us]) => bucketState(size, allowed === 1, us / 1000),
          () => local.take(key, size, now),
        ),
  };
}
