import { hash, timingSafeEqual } from "node:crypto";
import type { AppContext } from "../../context/app-context.js";
import type { TokenSnapshot, UsageOrigin } from "../../context/services.js";
import type { Credential } from "./credential.js";

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
  | "insufficient_scope";

export type Decision =
  /** `digest` is the SHA-256 of the presented value, in hex. */
  | { good: true; token: TokenSnapshot; digest: string }
  /** `insufficient_scope` means that the token is valid, but lacks a module. The ID is for the log. */
  | { good: false; reason: Refusal; tokenId: string | null };

/**
 * Decides whether the credential is valid and has all of these modules. Every check uses this one decision, on every
 * request. It never writes to the database, and does not read it for a warm token. Throws, or rejects, if it cannot
 * decide.
 */
export function decide(
  app: AppContext,
  credential: Exclude<Credential, { kind: "none" }>,
  origin: UsageOrigin,
  neededModules: readonly string[] = [],
): Decision | Promise<Decision> {
  if (credential.kind !== "value") return counted(app, denied(credential.kind, null));
  const snapshot = app.tokens.get(credential.tokenId);
  if (snapshot instanceof Promise)
    return snapshot.then(
      (known) => conclude(app, known, credential, origin, neededModules),
      (error) => {
        count(app, "undecided");
        throw error;
      },
    );
  return conclude(app, snapshot, credential, origin, neededModules);
}

function conclude(
  app: AppContext,
  snapshot: TokenSnapshot | null,
  { tokenId, value }: { tokenId: string; value: string },
  origin: UsageOrigin,
  neededModules: readonly string[],
): Decision {
  if (!snapshot) return counted(app, denied("unknown", tokenId));
  const now = app.now().getTime();
  // In hex throughout: producing the hash as a string costs a quarter of producing it as a buffer.
  const digest = hash("sha256", value, "hex");
  const reason = whyDenied(snapshot, digest, now, neededModules);
  if (reason !== null) {
    app.usage.denied(snapshot.id, now);
    return counted(app, denied(reason, tokenId));
  }
  app.usage.allowed(snapshot.id, digest, now, origin);
  return counted(app, { good: true, token: snapshot, digest });
}

/** Why the token's value with this digest (SHA-256, in hex) is denied at this time. Null if it is allowed. */
export function whyDenied(
  snapshot: TokenSnapshot,
  digest: string,
  now: number,
  neededModules: readonly string[] = [],
): Refusal | null {
  const { status, expiresAt, accountIsClosed, moduleIds } = snapshot;
  if (!hasValue(snapshot, Buffer.from(digest, "latin1"), now)) return status === "DELETED" ? "deleted" : "wrong_value";
  if (status !== "ACTIVE") return status === "DELETED" ? "deleted" : "disabled";
  if (expiresAt !== null && expiresAt <= now) return "expired";
  if (accountIsClosed) return "account_closed";
  return neededModules.every((module) => moduleIds.includes(module)) ? null : "insufficient_scope";
}

/** Whether one of the token's currently valid values has this digest, compared in constant time. */
function hasValue({ values }: TokenSnapshot, digest: Buffer, now: number): boolean {
  for (const known of values)
    if (timingSafeEqual(known.digest, digest)) return known.validUntil === null || known.validUntil > now;
  return false;
}

const denied = (reason: Refusal, tokenId: string | null): Decision => ({ good: false, reason, tokenId });

function counted(app: AppContext, decision: Decision): Decision {
  count(app, decision.good ? "allowed" : decision.reason);
  return decision;
}

export function count({ metrics: { checks } }: AppContext, outcome: string): void {
  checks[outcome] = (checks[outcome] ?? 0) + 1;
}
