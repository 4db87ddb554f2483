import type { ApiTokenStatus } from "@hallpass/shared";
import type { AccountSummary } from "../core/callers.js";

// What features run for the whole process, as the others see it.

/**
 * What is known of tokens, by identifier. An entry is believed for as long as something no older than the bound
 * says that it holds: its own reading, or the change feed, which has looked since and has seen no change of it.
 */
export interface TokenCache {
  /** At once for a warm token; null: there is none of that identifier. */
  get(id: string): TokenSnapshot | null | Promise<TokenSnapshot | null>;
  /** From now on the token is read anew. What is being read already is not kept, and its readers read again. */
  evict(id: string): void;
  evictAccounts(accountIds: Iterable<string>): void;
  evictAll(): void;
  /** The change feed has looked: every change that was stored before this moment has been evicted. */
  confirm(lookedAt: number): void;
  /** For each account with tokens here, the audit record up to which its changes are known. */
  readonly heads: Map<string, ChainLink>;
  /**
   * Judges what was read when the account's trail was already ahead of the known head: whether the trail still has the
   * record that was its head then. If not, a restore has replaced it and the token is evicted. Null: not known yet.
   */
  settleReadAhead(isStored: (accountId: string, head: ChainLink) => boolean | null): void;
  /** Forgets the heads of accounts that have no token here any more. */
  trimHeads(): void;
  /** `confirmedAgo` in ms. */
  statistics(): { entries: number; hits: number; misses: number; confirmedAgo: number };
}

/** All that a decision needs to know of a token, as one statement read it. */
export interface TokenSnapshot {
  id: string;
  name: string;
  status: ApiTokenStatus;
  account: AccountSummary;
  accountIsClosed: boolean;
  /** What the token has been given and the account still has. */
  moduleIds: string[];
  /** The same as OAuth says it: identifiers with spaces between. */
  scope: string;
  values: TokenValueSnapshot[];
  /** In ms since 1970; null: never. */
  expiresAt: number | null;
  createdAt: number;
  /** The account's newest audit record when this was read: later ones may have changed it. */
  head: ChainLink;
}

export interface TokenValueSnapshot {
  /** SHA-256 of the value in hex, as bytes and as text. */
  digest: Buffer;
  digestHex: string;
  /** In ms since 1970; null: as long as the token itself. */
  validUntil: number | null;
}

/** Where a check came from: the address and the program that presented the token. */
export interface UsageOrigin {
  ip: string | null;
  userAgent: string | null;
}

/** Counts checks in memory and writes them in batches: a check never waits for it, and never writes by itself. */
export interface UsageRecorder {
  /** The digest in hex: which of the token's values it was matters when it is rotated before this is written. Null: not known. */
  allowed(tokenId: string, digest: string | null, at: number, origin: UsageOrigin): void;
  denied(tokenId: string, at: number): void;
  /** The last access that is not written yet, in ms since 1970. */
  pendingAccess(tokenId: string): { at: number; origin: UsageOrigin } | null;
  /** Whether the last batch could be stored. */
  isWritten(): boolean;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** Appends signed heads to a file, so that a trail can be compared with what it was. No change waits for it. */
export interface HeadsFile {
  /** This process has written to the account's trail: its head is appended at the next interval. */
  changed(accountId: string): void;
  /** Appends every head now, in the background. */
  appendAll(): void;
  /** "failing": heads could not be appended, and are kept for the next interval. */
  state(): "off" | "ok" | "failing";
  /** Appends what is left. */
  close(): Promise<void>;
}

/** An audit record as the next one is chained to it. */
export interface ChainLink {
  sequence: number;
  hash: string;
}
