import { LRUCache } from "lru-cache";
import { plainUntil } from "./decide.js";
import type { TokenReader } from "./token-reader.js";
import type { ChainLink, TokenCache, TokenSnapshot, WarmValue } from "./types.js";
import { Undecided } from "./undecided.js";

/** How long a cached token may be used without being confirmed, in ms: the revocation bound. */
export const revocationBoundMs = 1_000;

/** Maximum age of a cached token, in ms, whatever the change feed reports: the bound should it ever miss a change. */
const maxAgeMs = 5 * 60_000;

/** Times of entries are in these, as WarmValue must not contain fractions. Rounding only makes an entry stale earlier. */
const tickMs = 10;

interface Entry {
  snapshot: TokenSnapshot;
  /** When it becomes stale unless the change feed confirms it. */
  confirmBy: number;
  storedAt: number;
  /** When it becomes stale, whatever the change feed reports. */
  expiresAt: number;
  /** When it was last marked as recently used. */
  touchedAt: number;
}

/** How often a token in use is marked as recently used. Doing so costs as much as a check. */
const touchTicks = 1_000 / tickMs;

interface Options {
  reader: TokenReader;
  maxEntries: number;
  /** Monotonic, in ms, so that setting the system clock makes nothing older or younger. */
  clock?: () => number;
}

/**
 * Unknown IDs are remembered for the revocation bound only, and only this many: a flood of them evicts only its own.
 */
const maxUnknown = 10_000;

export function createTokenCache({ reader, maxEntries, clock = () => performance.now() }: Options): TokenCache {
  /** Entries by the digests of their values, so that a check of a warm token need not parse its value. */
  const byDigest = new Map<string, Entry & WarmValue>();
  const entries = new LRUCache<string, Entry>({
    max: maxEntries,
    dispose({ snapshot }) {
      for (const { digest } of snapshot.values)
        if (byDigest.get(digest)?.snapshot === snapshot) byDigest.delete(digest);
    },
  });
  const unknown = new LRUCache<string, number>({ max: maxUnknown });
  /** Reads in progress. One that is no longer in here began before an eviction. */
  const reads = new Map<string, Promise<TokenSnapshot | null>>();
  const heads = new Map<string, ChainLink>();
  /** IDs of tokens read when their account's trail was ahead of the known head. */
  const readAhead = new Set<string>();
  const statistics = { hits: 0, misses: 0 };
  const startedAt = clock();
  let confirmedAt = startedAt;

  function isFresh({ confirmBy, storedAt, expiresAt }: Entry, now: number): boolean {
    const tick = Math.floor(now / tickMs);
    if (tick >= expiresAt) return false;
    if (tick < confirmBy) return true;
    return storedAt < Math.floor(confirmedAt / tickMs) && now - confirmedAt <= revocationBoundMs;
  }

  function read(id: string, isSecond = false): Promise<TokenSnapshot | null> {
    const readAt = clock();
    const reading: Promise<TokenSnapshot | null> = reader.read(id).then(
      (snapshot) => {
        if (reads.get(id) !== reading) return get(id);
        reads.delete(id);
        // After so long a read, a token may be stale. A missing token allows no one, so it need not be reread.
        if (snapshot && clock() - readAt > revocationBoundMs) {
          if (isSecond) throw new Undecided("Reading the token took too long.");
          return read(id, true);
        }
        keep(id, snapshot, readAt);
        return snapshot;
      },
      (error) => {
        if (reads.get(id) === reading) reads.delete(id);
        throw error;
      },
    );
    reads.set(id, reading);
    return reading;
  }

  function keep(id: string, snapshot: TokenSnapshot | null, readAt: number): void {
    if (!snapshot) return void unknown.set(id, readAt);
    const followed = heads.get(snapshot.account.id);
    // Read before a change that the feed, or the read of another token, has already passed: nothing would evict it.
    if (followed && snapshot.head.sequence < followed.sequence) return;
    if (!followed) heads.set(snapshot.account.id, snapshot.head);
    else if (snapshot.head.sequence > followed.sequence) readAhead.add(id);
    // Spread out, so that tokens read together do not become stale together.
    const expiresAt = Math.floor((readAt + maxAgeMs * (0.8 + 0.2 * Math.random())) / tickMs);
    const confirmBy = Math.floor((readAt + revocationBoundMs) / tickMs);
    const storedAt = Math.ceil(clock() / tickMs);
    entries.set(id, { snapshot, confirmBy, storedAt, expiresAt, touchedAt: storedAt });
    for (const value of snapshot.values)
      byDigest.set(value.digest, {
        confirmBy,
        storedAt,
        expiresAt,
        touchedAt: storedAt,
        plainUntil: plainUntil(snapshot, value),
        moduleIds: snapshot.moduleIds,
        tally: null,
        answer: snapshot.answer,
        snapshot,
        tokenId: id,
        digest: value.digest,
        validUntil: value.validUntil,
      });
  }

  function hit(entry: Entry, now: number): TokenSnapshot {
    statistics.hits++;
    const tick = Math.floor(now / tickMs);
    if (tick - entry.touchedAt > touchTicks) {
      entry.touchedAt = tick;
      entries.get(entry.snapshot.id);
    }
    return entry.snapshot;
  }

  function getByDigest(digest: string): WarmValue | null {
    const warm = byDigest.get(digest);
    if (!warm) return null;
    const now = clock();
    if (!isFresh(warm, now)) return null;
    hit(warm, now);
    return warm;
  }

  function get(id: string): TokenSnapshot | null | Promise<TokenSnapshot | null> {
    const now = clock();
    const known = entries.peek(id);
    if (known && isFresh(known, now)) return hit(known, now);
    statistics.misses++;
    const unknownAt = unknown.get(id);
    if (unknownAt !== undefined && now - unknownAt <= revocationBoundMs) return null;
    return reads.get(id) ?? read(id);
  }

  return {
    get,
    getByDigest,
    heads,
    evict(id) {
      entries.delete(id);
      unknown.delete(id);
      reads.delete(id);
    },
    evictAccounts(accountIds) {
      reads.clear();
      const evicted = new Set(accountIds);
      for (const [id, { snapshot }] of [...entries]) if (evicted.has(snapshot.account.id)) entries.delete(id);
    },
    evictAll() {
      reads.clear();
      entries.clear();
      unknown.clear();
      heads.clear();
      readAhead.clear();
    },
    settleReadAhead(isStored) {
      for (const id of readAhead) {
        const snapshot = entries.peek(id)?.snapshot;
        const answer = snapshot ? isStored(snapshot.account.id, snapshot.head) : false;
        if (answer === null) continue;
        readAhead.delete(id);
        if (!answer) entries.delete(id);
      }
    },
    confirm(lookedAt) {
      confirmedAt = lookedAt;
    },
    trimHeads() {
      const used = new Set([...entries.values()].map(({ snapshot }) => snapshot.account.id));
      for (const accountId of heads.keys()) if (!used.has(accountId)) heads.delete(accountId);
    },
    statistics: () => ({ entries: entries.size, ...statistics, confirmedAgo: clock() - confirmedAt }),
  };
}
