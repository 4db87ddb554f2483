import { affectsChecks } from "../audit-events.js";
import { parseIdentifier } from "../identifiers.js";
import type { ChainLink, TokenCache } from "./types.js";

/** With this many new records at once, all of the account's tokens are evicted instead. */
export const maxRecordsOfGap = 500;

/** A change that checks depend on: to a token, or to an account as a whole. */
export interface Change {
  accountId: string;
  objectId: string;
}

/** Evicts what a change makes stale: the token it concerns, or all of the account's. */
export function applyChange(cache: TokenCache, { accountId, objectId }: Change): void {
  if (parseIdentifier(objectId)?.kind === "token") cache.evict(objectId);
  else cache.evictAccounts([accountId]);
}

/** The gap between the head the cache knows of an account and the stored one. */
export interface Gap {
  accountId: string;
  known: ChainLink;
  /** Null if the account no longer exists. */
  stored: ChainLink | null;
  /** Records from the known head on, in order, including that head itself unless the trail was empty. */
  records: ({ event: string; objectId: string; at: Date } & ChainLink)[];
}

/** Evicts what the gaps make stale. Returns the times of the changes that are new to this process. */
export function closeGaps(cache: TokenCache, gaps: Gap[]): Date[] {
  const isContinued = ({ known, records }: Gap) => {
    const [first] = records;
    if (!first || records.length >= maxRecordsOfGap) return false;
    // Records that were archived meanwhile are missing.
    if (known.sequence === 0) return first.sequence === 1;
    return first.sequence === known.sequence && first.hash === known.hash;
  };
  const seen: Date[] = [];
  const broken = gaps.filter((gap) => !isContinued(gap));
  if (broken.length > 0) cache.evictAccounts(broken.map(({ accountId }) => accountId));
  for (const gap of gaps) {
    const { accountId, known, stored, records } = gap;
    if (stored) cache.heads.set(accountId, stored);
    else cache.heads.delete(accountId);
    if (broken.includes(gap)) continue;
    for (const { sequence, event, objectId, at } of records) {
      if (sequence <= known.sequence) continue;
      seen.push(at);
      if (affectsChecks(event)) applyChange(cache, { accountId, objectId });
    }
  }
  const open = new Map(gaps.map((gap) => [gap.accountId, gap]));
  cache.settleReadAhead((accountId, head) => {
    const { records = [] } = open.get(accountId) ?? {};
    const last = records.at(-1);
    if (last && head.sequence > last.sequence) return null;
    return records.some(({ sequence, hash }) => sequence === head.sequence && hash === head.hash);
  });
  return seen;
}
