import { hash, timingSafeEqual } from "node:crypto";
import type { Credential } from "./credential.js";
import type { BucketState, TokenBuckets } from "./token-buckets.js";
import type { CheckUsage, TokenCache, TokenSnapshot, UsageOrigin } from "./types.js";

/** What a decision needs. */
export interface CheckContext {
  tokens: Pick<TokenCache, "get">;
  usage: CheckUsage;
  buckets: TokenBuckets;
  metrics: {
    /** Number of checks by outcome. */
    checks: Record<string, number>;
  };
  now(): Date;
}

/**
 * The reason for a denial, for metrics and the log. The caller learns only that the token is invalid or lacks a module.
 */
export type Refusal =
  | "malformed"
  | "ambiguous"
  | "unknown"
  | "wrong_value"
  | "disabled"
  | "deleted"
  | "expired"
  | "account_closed"
  | "outside_ip_ranges"
  | "insufficient_scope"
  | "rate_limited";

export type Decision =
  /** `digest` is the SHA-256 of the presented value, in hex. `bucket` is null if the token has no rate limit. */
  | { good: true; token: TokenSnapshot; digest: string; bucket: BucketState | null }
  /**
   * The last three reasons mean that the token is valid, but cannot be used for this or now. The ID is for the log.
   * `bucket` is set if the rate limit is the reason.
   */
  | { good: false; reason: Refusal; tokenId: string | null; bucket: BucketState | null };

/**
 * Decides whether the credential is valid, has all of these modules, and can be used from the IP address and now. Every
 * check uses this one decision, on every request. It never writes to the database, and does not read it for a warm
 * token. Synchronous for one, unless its rate limit is shared through Redis. Throws, or rejects, if it cannot decide.
 */
export function decide(
  app: CheckContext,
  credential: Exclude<Credential, { kind: "none" }>,
  origin: UsageOrigin,
  neededModules: readonly string[] = [],
  ip: string | null = origin.ip,
): Decision | Promise<Decision> {
  if (credential.kind !== "value") return counted(app, denied(credential.kind, null));
  const snapshot = app.tokens.get(credential.tokenId);
  if (snapshot instanceof Promise)
    return snapshot.then(
      (known) => conclude(app, known, credential, origin, neededModules, ip),
      (error) => {
        count(app, "undecided");
        throw error;
      },
    );
  return conclude(app, snapshot, credential, origin, neededModules, ip);
}

function conclude(
  app: CheckContext,
  snapshot: TokenSnapshot | null,
  { tokenId, value }: { tokenId: string; value: string },
  origin: UsageOrigin,
  neededModules: readonly string[],
  ip: string | null,
): Decision | Promise<Decision> {
  if (!snapshot) return counted(app, denied("unknown", tokenId));
  const now = app.now().getTime();
  // In hex throughout: producing the hash as a string costs a quarter of producing it as a buffer.
  const digest = hash("sha256", value, "hex");
  const reason = whyDenied(snapshot, digest, now, neededModules, ip);
  if (reason !== null) {
    app.usage.denied(snapshot.id, now);
    return counted(app, denied(reason, tokenId));
  }
  if (snapshot.rateLimit === null)
    return allow(app, { good: true, token: snapshot, digest, bucket: null }, now, origin);
  const bucket = app.buckets.take(tokenId, snapshot.rateLimit, now);
  const decided = (state: BucketState): Decision => {
    if (state.allowed) return allow(app, { good: true, token: snapshot, digest, bucket: state }, now, origin);
    app.usage.denied(snapshot.id, now);
    return counted(app, { ...denied("rate_limited", tokenId), bucket: state });
  };
  return bucket instanceof Promise ? bucket.then(decided) : decided(bucket);
}

function allow(
  app: CheckContext,
  decision: Extract<Decision, { good: true }>,
  now: number,
  origin: UsageOrigin,
): Decision {
  app.usage.allowed(decision.token.id, decision.digest, now, origin);
  return counted(app, decision);
}

/**
 * Why the token's value with this digest (SHA-256, in hex) is denied at this time, from this IP address if one is given.
 * Null if it is allowed. Rate limits are not part of this.
 */
export function whyDenied(
  snapshot: TokenSnapshot,
  digest: string,
  now: number,
  neededModules: readonly string[] = [],
  ip?: string | null,
): Refusal | null {
  const { status, expiresAt, accountIsClosed, moduleIds, isAllowedFrom } = snapshot;
  if (!hasValue(snapshot, Buffer.from(digest, "latin1"), now)) return status === "DELETED" ? "deleted" : "wrong_value";
  if (status !== "ACTIVE") return status === "DELETED" ? "deleted" : "disabled";
  if (expiresAt !== null && expiresAt <= now) return "expired";
  if (accountIsClosed) return "account_closed";
  if (ip !== undefined && isAllowedFrom !== null && !isAllowedFrom(ip)) return "outside_ip_ranges";
  return neededModules.every((module) => moduleIds.includes(module)) ? null : "insufficient_scope";
}

/** Whether one of the token's currently valid values has this digest, compared in constant time. */
function hasValue({ values }: TokenSnapshot, digest: Buffer, now: number): boolean {
  for (const known of values)
    if (timingSafeEqual(known.digest, digest)) return known.validUntil === null || known.validUntil > now;
  return false;
}

const denied = (reason: Refusal, tokenId: string | null) => ({ good: false, reason, tokenId, bucket: null }) as const;

function counted(app: CheckContext, decision: Decision): Decision {
  count(app, decision.good ? "allowed" : decision.reason);
  return decision;
}

export function count({ metrics: { checks } }: CheckContext, outcome: string): void {
  checks[outcome] = (checks[outcome] ?? 0) + 1;
}
