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

/** In this process's memory. The generic cell rate algorithm (ITU-T I.371): a bucket is the time at which it will be full. */
export function createLocalBuckets(maxEntries: number) {
  /** By key, in ms since 1970. */
  const fullAt = new LRUCache<string, number>({ max: maxEntries });
  return {
    take(key: string, size: BucketSize, now: number): BucketState {
      const full = Math.max(fullAt.get(key) ?? 0, now);
      const next = full + intervalOf(size);
      const allowed = next - now <= size.perSeconds * 1000;
      if (allowed) fullAt.set(key, next);
      return bucketState(size, allowed, (allowed ? next : full) - now);
    },
  };
}

/** Of one request, in ms. */
export const intervalOf = ({ requests, perSeconds }: BucketSize) => (perSeconds * 1000) / requests;

/** A bucket that is full in so many ms. */
export function bucketState(size: BucketSize, allowed: boolean, msToFull: number): BucketState {
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
