import type { Gap } from "./changes.js";
import { internedModules } from "./interned.js";
import { createIpFilter } from "./ip-ranges.js";
import type { ChainLink, TokenSnapshot, UsageOrigin } from "./types.js";

// What a verifier and the server exchange, as JSON.

/** Paths of the three POST requests. Each requires the module 'Token verification'. */
export const verifierPaths = {
  /** TokensRequest, TokensAnswer */
  tokens: "/verifier/tokens",
  /** ChangesRequest, ChangesAnswer */
  changes: "/verifier/changes",
  /** UsageRequest. 204. */
  usage: "/verifier/usage",
} as const;

export const verifierLimits = { tokens: 100, heads: 20_000, usages: 1_000 } as const;

export interface TokensRequest {
  ids: string[];
}

/** Unknown IDs are left out. */
export interface TokensAnswer {
  tokens: SentSnapshot[];
}

export type SentSnapshot = Omit<TokenSnapshot, "scope" | "isAllowedFrom" | "answer">;

export interface ChangesRequest {
  /** By account ID. */
  heads: Record<string, ChainLink>;
}

export interface ChangesAnswer {
  /** Another one than before means that nothing known before may be used. */
  historyId: string | null;
  gaps: SentGap[];
}

export type SentGap = Omit<Gap, "records"> & { records: (Omit<Gap["records"][number], "at"> & { at: string })[] };

export interface UsageRequest {
  /** Unique. A report that was sent twice is counted once, by the process that knows it. */
  id: string;
  usages: Usage[];
}

/** A token's checks on one day since the last report. */
export interface Usage {
  tokenId: string;
  /** YYYY-MM-DD in UTC. */
  day: string;
  allowed: number;
  denied: number;
  /** In ms since 1970. Null if no check allowed the token. */
  lastAccessAt: number | null;
  lastOrigin: UsageOrigin;
  /** When each of the token's values was last allowed: a rotation moves values between slots. A list, as it is mostly one. */
  lastUse: { digest: string; at: number }[];
}

export const sentSnapshot = ({ scope: _, isAllowedFrom: __, answer: ___, ...sent }: TokenSnapshot): SentSnapshot =>
  sent;

export function receivedSnapshot(sent: SentSnapshot, answerOf: (snapshot: TokenSnapshot) => object): TokenSnapshot {
  const snapshot: TokenSnapshot = {
    ...sent,
    moduleIds: internedModules(sent.moduleIds),
    scope: sent.moduleIds.join(" "),
    isAllowedFrom: sent.ipRanges.length > 0 ? createIpFilter(sent.ipRanges) : null,
    answer: null,
  };
  return { ...snapshot, answer: answerOf(snapshot) };
}

export const sentGap = ({ records, ...rest }: Gap): SentGap => ({
  ...rest,
  records: records.map(({ sequence, hash, event, objectId, at }) => ({
    sequence,
    hash,
    event,
    objectId,
    at: at.toISOString(),
  })),
});

export const receivedGap = ({ records, ...rest }: SentGap): Gap => ({
  ...rest,
  records: records.map((record) => ({ ...record, at: new Date(record.at) })),
});
