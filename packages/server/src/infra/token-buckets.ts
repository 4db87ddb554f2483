import type { Redis } from "ioredis";
import { LRUCache } from "lru-cache";

/** So many requests per so many seconds, which may all come at once. */
export interface BucketSize {
  requests: number;
  perSeconds: number;
}

/** A bucket after a request. */
export interface BucketState {
  size: BucketSize;
  allowed: boolean;
  /** Requests that may come at once now. */
  remaining: number;
  /** Seconds until the next request is allowed. 0 if it is allowed now. */
  retryAfter: number;
  /** Seconds until the bucket is full again. */
  fullAfter: number;
}

/** Token buckets by key. */
export interface TokenBuckets {
  /** Takes a token, if there is one. `now` in ms since 1970. Synchronous without Redis. */
  take(key: string, size: BucketSize, now: number): BucketState | Promise<BucketState>;
}

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
  /** By key, in ms since 1970. */
  const fullAt = new LRUCache<string, number>({ max: maxEntries });
  redis?.defineCommand("takeFromBucket", { numberOfKeys: 1, lua: script });

  function takeHere(key: string, size: BucketSize, now: number): BucketState {
    const full = Math.max(fullAt.get(key) ?? 0, now);
    const next = full + intervalOf(size);
    const allowed = next - now <= size.perSeconds * 1000;
    if (allowed) fullAt.set(key, next);
    return stateOf(size, allowed, (allowed ? next : full) - now);
  }

  if (!redis) return { take: takeHere };
  return {
    take: (key, size, now) =>
      (redis as RedisWithTake)
        .takeFromBucket(`hallpass:bucket:${key}`, Math.round(intervalOf(size) * 1000), size.perSeconds * 1_000_000)
        .then(
          ([allowed, us]) => stateOf(size, allowed === 1, us / 1000),
          () => takeHere(key, size, now),
        ),
  };
}

/** Of one request, in ms. */
const intervalOf = ({ requests, perSeconds }: BucketSize) => (perSeconds * 1000) / requests;

function stateOf(size: BucketSize, allowed: boolean, msToFull: number): BucketState {
  const interval = intervalOf(size);
  const free = size.perSeconds * 1000 - msToFull;
  return {
    size,
    allowed,
    remaining: Math.max(0, Math.floor(free / interval + 1e-6)),
    retryAfter: allowed ? 0 : Math.max(1, Math.ceil((interval - free) / 1000)),
    fullAfter: Math.ceil(msToFull / 1000),
  };
}

/** RateLimit headers (draft-ietf-httpapi-ratelimit-headers-10), and Retry-After if the request was denied. */
export const bucketHeaders = ({
  size,
  allowed,
  remaining,
  retryAfter,
  fullAfter,
}: BucketState): Record<string, string> => ({
  "RateLimit-Policy": `"token";q=${size.requests};w=${size.perSeconds}`,
  RateLimit: `"token";r=${remaining};t=${fullAfter}`,
  ...(!allowed && { "Retry-After": String(retryAfter) }),
});
