import { hash } from "node:crypto";
import { type Credential, parseAuthorization } from "./credential.js";
import type { BucketState, TokenBuckets } from "./token-buckets.js";
import type { CheckUsage, TokenCache, TokenSnapshot, TokenValueSnapshot, UsageOrigin, UsedValue } from "./types.js";

/** What a decision needs. */
export interface CheckContext {
  tokens: Pick<TokenCache, "get" | "getByDigest">;
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
  /**
   * `digest` is the SHA-256 of the presented value, in hex. `bucket` is null if the token has no rate limit. `answer` is
   * the token's.
   */
  | { good: true; token: TokenSnapshot; digest: string; answer: object | null; bucket: BucketState | null }
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
  const { tokenId, value } = credential;
  // In hex throughout: producing the hash as a string costs a quarter of producing it as a buffer.
  const conclude = (snapshot: TokenSnapshot | null) =>
    snapshot
      ? decideOn(app, snapshot, valueWith(snapshot, hash("sha256", value, "hex")), origin, neededModules, ip)
      : counted(app, denied("unknown", tokenId));
  const known = app.tokens.get(tokenId);
  if (!(known instanceof Promise)) return conclude(known);
  return known.then(conclude, (error) => {
    count(app, "undecided");
    throw error;
  });
}

const scheme = "Bearer ";

/**
 * The same for an Authorization header. A warm token is found by the digest of its value, without parsing the value:
 * most requests take this way.
 */
export function decideOnHeader(
  app: CheckContext,
  header: string,
  origin: UsageOrigin,
  neededModules: readonly string[] = [],
): Decision | Promise<Decision> {
  if (header.startsWith(scheme)) {
    const warm = app.tokens.getByDigest(hash("sha256", header.slice(scheme.length), "hex"));
    if (warm) {
      const now = app.now().getTime();
      const { snapshot: token, digest, answer } = warm;
      if (now / 1000 < warm.plainUntil && hasModules(warm.moduleIds, neededModules))
        return allow(app, { good: true, token, digest, answer, bucket: null }, now, origin, warm);
      return decideOn(app, token, warm, origin, neededModules, origin.ip);
    }
  }
  return decide(app, parseAuthorization(header), origin, neededModules);
}

function decideOn(
  app: CheckContext,
  snapshot: TokenSnapshot,
  value: TokenValueSnapshot | null,
  origin: UsageOrigin,
  neededModules: readonly string[],
  ip: string | null,
): Decision | Promise<Decision> {
  const now = app.now().getTime();
  const reason = whyValueDenied(snapshot, value, now, neededModules, ip);
  if (reason !== null || value === null) {
    app.usage.denied(snapshot.id, now);
    return counted(app, denied(reason ?? "wrong_value", snapshot.id));
  }
  const allowed = { good: true, token: snapshot, digest: value.digest, answer: snapshot.answer, bucket: null } as const;
  if (snapshot.rateLimit === null) return allow(app, allowed, now, origin);
  const bucket = app.buckets.take(snapshot.id, snapshot.rateLimit, now);
  const decided = (state: BucketState): Decision => {
    if (state.allowed) return allow(app, { ...allowed, bucket: state }, now, origin);
    app.usage.denied(snapshot.id, now);
    return counted(app, { ...denied("rate_limited", snapshot.id), bucket: state });
  };
  return bucket instanceof Promise ? bucket.then(decided) : decided(bucket);
}

function allow(
  app: CheckContext,
  decision: Extract<Decision, { good: true }>,
  now: number,
  origin: UsageOrigin,
  used: UsedValue = { tokenId: decision.token.id, digest: decision.digest },
): Decision {
  app.usage.allowed(used, now, origin);
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
  return whyValueDenied(snapshot, valueWith(snapshot, digest), now, neededModules, ip);
}

/** `value`: the one that was presented. Null if it is none of the token's. */
function whyValueDenied(
  { status, expiresAt, accountIsClosed, moduleIds, isAllowedFrom }: TokenSnapshot,
  value: TokenValueSnapshot | null,
  now: number,
  neededModules: readonly string[],
  ip: string | null | undefined,
): Refusal | null {
  if (value === null || hasEnded(value.validUntil, now)) return status === "DELETED" ? "deleted" : "wrong_value";
  if (status !== "ACTIVE") return status === "DELETED" ? "deleted" : "disabled";
  if (hasEnded(expiresAt, now)) return "expired";
  if (accountIsClosed) return "account_closed";
  if (ip !== undefined && isAllowedFrom !== null && !isAllowedFrom(ip)) return "outside_ip_ranges";
  return hasModules(moduleIds, neededModules) ? null : "insufficient_scope";
}

/**
 * Until when the value is allowed if it has the needed modules, whatever the IP address and the number of checks. In
 * whole seconds since 1970, rounded down. 0 for never.
 */
export function plainUntil(snapshot: TokenSnapshot, value: TokenValueSnapshot): number {
  const { expiresAt, isAllowedFrom, rateLimit } = snapshot;
  const beforeAnyEnd = Number.NEGATIVE_INFINITY;
  if (isAllowedFrom !== null || rateLimit !== null || whyValueDenied(snapshot, value, beforeAnyEnd, [], null)) return 0;
  const end = Math.min(value.validUntil ?? Number.POSITIVE_INFINITY, expiresAt ?? Number.POSITIVE_INFINITY);
  return Math.min(Math.floor(end / 1000), maxSmallInteger);
}

/** The largest integer V8 stores within an object, with and without pointer compression. */
const maxSmallInteger = 2 ** 31 - 1;

function hasModules(moduleIds: readonly string[], needed: readonly string[]): boolean {
  for (const module of needed) if (!moduleIds.includes(module)) return false;
  return true;
}

const hasEnded = (at: number | null, now: number) => at !== null && at <= now;

/** The token's value with this digest. Null if it has none. */
function valueWith({ values }: TokenSnapshot, digest: string): TokenValueSnapshot | null {
  for (const known of values) if (isSame(known.digest, digest)) return known;
  return null;
}

/**
 * Compares every character, whichever differ. Node's timingSafeEqual would need both as buffers, which costs more than
 * the rest of the decision.
 */
function isSame(known: string, given: string): boolean {
  let difference = known.length ^ given.length;
  for (let index = 0; index < known.length; index++) difference |= known.charCodeAt(index) ^ given.charCodeAt(index);
  return difference === 0;
}

const denied = (reason: Refusal, tokenId: string | null) => ({ good: false, reason, tokenId, bucket: null }) as const;

function counted(app: CheckContext, decision: Decision): Decision {
  count(app, decision.good ? "allowed" : decision.reason);
  return decision;
}

export function count({ metrics: { checks } }: CheckContext, outcome: string): void {
  checks[outcome] = (checks[outcome] ?? 0) + 1;
}
