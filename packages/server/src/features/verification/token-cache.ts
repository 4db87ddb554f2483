import { LRUCache } from "lru-cache";
import type { ChainLink, TokenCache, TokenSnapshot } from "../../context/services.js";
import { unavailable } from "../../core/errors.js";
import type { TokenReader } from "./token-reader.js";

/** How long something read may be believed without anybody having confirmed it, in ms: the bound on a revocation. */
export const revocationBoundMs = 1_000;

/** How old a cached token may get, in ms, whatever the change feed says: should it ever miss a change, that is the bound. */
const maxAgeMs = 5 * 60_000;

interface Entry {
  snapshot: TokenSnapshot;
  readAt: number;
  storedAt: number;
  /** When it is stale whatever the change feed says. */
  expiresAt: number;
}

interface Options {
  reader: TokenReader;
  maxEntries: number;
  /** Monotonic, in ms: a clock that is set makes nothing older or younger. */
  clock?: () => number;
}

/** Unknown identifiers are remembered for the bound only, and only so many: a flood of them pushes out itself alone. */
const maxUnknown = 10_000;

export function createTokenCache({ reader, maxEntries, clock = () => performance.now() }: Options): TokenCache {
  const entries = new LRUCache<string, Entry>({ max: maxEntries });
  const unknown = new LRUCache<string, number>({ max: maxUnknown });
  /** Reads under way; one that is no longer in here began before an eviction. */
  const reads = new Map<string, Promise<TokenSnapshot | null>>();
  const heads = new Map<string, ChainLink>();
  /** Identifiers of tokens read when their account's trail was ahead of the known head. */
  const readAhead = new Set<string>();
  const statistics = { hits: 0, misses: 0 };
  const startedAt = clock();
  let confirmedAt = startedAt;

  function isFresh({ readAt, storedAt, expiresAt }: Entry, now: number): boolean {
    if (now >= expiresAt) return false;
    return now - readAt <= revocationBoundMs || (storedAt < confirmedAt && now - confirmedAt <= revocationBoundMs);
  }

  function read(id: string, isSecond = false): Promise<TokenSnapshot | null> {
    const readAt = clock();
    const reading: Promise<TokenSnapshot | null> = reader.read(id).then(
      (snapshot) => {
        if (reads.get(id) !== reading) return get(id);
        reads.delete(id);
        // It took so long that it may have been true too long ago. That there is no such token lets nobody pass.
        if (snapshot && clock() - readAt > revocationBoundMs) {
          if (isSecond) throw unavailable();
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
    // Read before a change that the feed has passed already, or that another token's reading has: nobody would evict it.
    if (followed && snapshot.head.sequence < followed.sequence) return;
    if (!followed) heads.set(snapshot.account.id, snapshot.head);
    else if (snapshot.head.sequence > followed.sequence) readAhead.add(id);
    // Spread out, so that what was read together does not become stale together.
    const expiresAt = readAt + maxAgeMs * (0.8 + 0.2 * Math.random());
    entries.set(id, { snapshot, readAt, storedAt: clock(), expiresAt });
  }

  function get(id: string): TokenSnapshot | null | Promise<TokenSnapshot | null> {
    const entry = entries.get(id);
    const now = clock();
    if (entry && isFresh(entry, now)) {
      statistics.hits++;
      return entry.snapshot;
    }
    statistics.misses++;
    const unknownAt = unknown.get(id);
    if (unknownAt !== undefined && now - unknownAt <= revocationBoundMs) return null;
    return reads.get(id) ?? read(id);
  }

  return {
    get,
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
