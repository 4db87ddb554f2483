import type { ApiTokenStatus } from "../api-token.js";
import type { AccountType } from "../permissions.js";
import type { BucketSize } from "./token-buckets.js";
import type { Tally } from "./usage-counts.js";

/** The part of an audit record the next one is chained to. */
export interface ChainLink {
  sequence: number;
  hash: string;
}

/**
 * Token snapshots by ID. An entry is used only while it has been confirmed within the revocation bound: by its own
 * read, or by the change feed, which has looked since and found no change of it.
 */
export interface TokenCache {
  /** Synchronous for a warm token. Null if there is no token with this ID. */
  get(id: string): TokenSnapshot | null | Promise<TokenSnapshot | null>;
  /** The token with this value, by its SHA-256 in hex. Null unless it is warm. */
  getByDigest(digest: string): WarmValue | null;
  /** Makes the next `get` reread the token. A read in progress is not kept, and its callers reread. */
  evict(id: string): void;
  evictAccounts(accountIds: Iterable<string>): void;
  evictAll(): void;
  /** Called by the change feed once every change stored before this moment has been evicted. */
  confirm(lookedAt: number): void;
  /** For each account with cached tokens, the audit record up to which its changes are known. */
  readonly heads: Map<string, ChainLink>;
  /**
   * Checks tokens read when their account's trail was already ahead of the known head: whether the trail still contains
   * the record that was its head then. If not, a restore has replaced it and the token is evicted. Null if not known
   * yet.
   */
  settleReadAhead(isStored: (accountId: string, head: ChainLink) => boolean | null): void;
  /** Removes the heads of accounts without cached tokens. */
  trimHeads(): void;
  /** `confirmedAgo` in ms. */
  statistics(): { entries: number; hits: number; misses: number; confirmedAgo: number };
}

/** Everything a decision needs to know about a token, as read by one statement. */
export interface TokenSnapshot {
  id: string;
  name: string;
  status: ApiTokenStatus;
  account: { id: string; name: string; type: AccountType };
  accountIsClosed: boolean;
  /** Modules granted to the token that the account still has. */
  moduleIds: readonly string[];
  /** The same in OAuth's format: IDs separated by spaces. */
  scope: string;
  /** CIDRs the token can be used from. Empty for anywhere. */
  ipRanges: string[];
  /** Whether the token can be used from the IP address. Null for anywhere. */
  isAllowedFrom: ((ip: string | null) => boolean) | null;
  rateLimit: BucketSize | null;
  values: TokenValueSnapshot[];
  /** In ms since 1970. Null if never. */
  expiresAt: number | null;
  createdAt: number;
  /** The account's newest audit record at the time of the read. Later ones may have changed the token. */
  head: ChainLink;
  /** What this process answers when the token is allowed, if it is made once. */
  answer: object | null;
}

/**
 * A value of a token in memory, with everything that most checks need. It is one object without fractions or large
 * numbers, which V8 would store elsewhere: among many tokens, a check costs what it has to fetch from memory.
 */
export interface WarmValue extends TokenValueSnapshot, UsedValue {
  digest: string;
  /** See plainUntil in decide.ts. */
  plainUntil: number;
  moduleIds: readonly string[];
  answer: object | null;
  snapshot: TokenSnapshot;
}

export interface TokenValueSnapshot {
  /** SHA-256 of the value in hex. */
  digest: string;
  /** In ms since 1970. Null if valid as long as the token itself. */
  validUntil: number | null;
}

/** The origin of a check: the IP address and user agent that presented the token. */
export interface UsageOrigin {
  ip: string | null;
  userAgent: string | null;
}

/** Which value of which token was used. */
export interface UsedValue {
  tokenId: string;
  /** SHA-256 of the value in hex, as the token may be rotated before its usage is written. Null if not known. */
  digest: string | null;
  /** The tally that counted its last use, so that the next check need not look it up. */
  tally?: Tally | null;
}

/** Counts checks. A check neither waits for a write nor makes one. */
export interface CheckUsage {
  allowed(used: UsedValue, at: number, origin: UsageOrigin): void;
  denied(tokenId: string, at: number): void;
}
