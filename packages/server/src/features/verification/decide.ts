import { hash, timingSafeEqual } from "node:crypto";
import type { AppContext } from "../../context/app-context.js";
import type { TokenSnapshot, UsageOrigin } from "../../context/services.js";
import type { Credential } from "./credential.js";

/** The reason is for the count and the log; a stranger is told only that the token is not good. */
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
  /** The digest is that of the presented value: SHA-256, in hex. */
  | { good: true; token: TokenSnapshot; digest: string }
  /** `insufficient_scope`: the token is good, but not for this. The identifier is for the log. */
  | { good: false; reason: Refusal; tokenId: string | null };

/**
 * May whoever presents this pass, with all of these modules? The one decision: every check asks it, on every request.
 * It never writes the database, and does not read it for a warm token. Throws, or rejects, when it cannot be decided.
 */
export function decide(
  app: AppContext,
  credential: Exclude<Credential, { kind: "none" }>,
  origin: UsageOrigin,
  neededModules: readonly string[] = [],
): Decision | Promise<Decision> {
  if (credential.kind !== "value") return counted(app, refuse(credential.kind, null));
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
  if (!snapshot) return counted(app, refuse("unknown", tokenId));
  const now = app.now().getTime();
  // In hex throughout: making the hash a string costs a quarter of making it a buffer.
  const digest = hash("sha256", value, "hex");
  const reason = whyDenied(snapshot, digest, now, neededModules);
  if (reason !== null) {
    app.usage.denied(snapshot.id, now);
    return counted(app, refuse(reason, tokenId));
  }
  app.usage.allowed(snapshot.id, digest, now, origin);
  return counted(app, { good: true, token: snapshot, digest });
}

/** Why the token's value with this digest (SHA-256, in hex) is denied at this time; null when it is allowed. */
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

/** Whether one of the token's values that are valid now has this digest, compared in constant time. */
function hasValue({ values }: TokenSnapshot, digest: Buffer, now: number): boolean {
  for (const known of values)
    if (timingSafeEqual(known.digest, digest)) return known.validUntil === null || known.validUntil > now;
  return false;
}

const refuse = (reason: Refusal, tokenId: string | null): Decision => ({ good: false, reason, tokenId });

function counted(app: AppContext, decision: Decision): Decision {
  count(app, decision.good ? "allowed" : decision.reason);
  return decision;
}

export function count({ metrics: { checks } }: AppContext, outcome: string): void {
  checks[outcome] = (checks[outcome] ?? 0) + 1;
}
