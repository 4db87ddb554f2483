import type { UserError } from "@hallpass/shared";
import type { EntityManager } from "typeorm";
import type { CallContext } from "../../context/request-context.js";
import { RequestError, UserInputError, userInputError } from "../../core/errors.js";
import { SessionEntity } from "../sessions/session.entity.js";
import { AccountPolicyEntity } from "./account-policy.entity.js";

/** What an account requires of its tokens and people. */
export interface Policy {
  /** The latest expiry of a token that is created or edited now, in days. An expiry is then required. Null for any. */
  maxLifetimeDays: number | null;
  /** After how many days without use a token is disabled, a week after a notice. Null for never. */
  idleDays: number | null;
  expiryRequired: boolean;
  ipRangesRequired: boolean;
  /** Whether a value is returned only when it is created, as long as this is on. */
  valuesShownOnce: boolean;
  /** Whether people must have signed in recently to add, show, rotate or delete tokens, and to change the policy. */
  recentSignInRequired: boolean;
}

export const noPolicy: Policy = {
  maxLifetimeDays: null,
  idleDays: null,
  expiryRequired: false,
  ipRangesRequired: false,
  valuesShownOnce: false,
  recentSignInRequired: false,
};

export async function policyOf(manager: EntityManager, accountId: string): Promise<Policy> {
  return toPolicy(await manager.findOneBy(AccountPolicyEntity, { accountId }));
}

export function toPolicy(row: AccountPolicyEntity | null | undefined): Policy {
  if (!row) return noPolicy;
  return {
    maxLifetimeDays: row.maxLifetimeDays,
    idleDays: row.idleDays,
    expiryRequired: row.expiryRequired === 1,
    ipRangesRequired: row.ipRangesRequired === 1,
    valuesShownOnce: row.valuesShownOnce === 1,
    recentSignInRequired: row.recentSignInRequired === 1,
  };
}

const dayMs = 86_400_000;

/** The latest expiry now. A token is valid to the end of its last day, in any time zone. Null for any. */
export function latestExpiry({ maxLifetimeDays }: Policy, now: Date): Date | null {
  return maxLifetimeDays === null ? null : new Date(now.getTime() + (maxLifetimeDays + 1) * dayMs);
}

/** What a creation or an edit sets. A field that stays as it is is left out, and breaks no policy. */
interface Changes {
  expiresAt?: Date | null;
  ipRanges?: readonly string[] | null;
}

/** Whether a range, in canonical form, includes so much that it restricts nothing. */
function isWide(range: string): boolean {
  const [ip = "", bits = ""] = range.split("/");
  return bits !== "" && Number(bits) < (ip.includes(":") ? 16 : 8);
}

/** Throws REQUIRED or INVALID if the policy does not allow this. */
export function checkPolicy(policy: Policy, { expiresAt, ipRanges }: Changes, now: Date): void {
  const errors: UserError[] = [];
  const latest = latestExpiry(policy, now);
  if (expiresAt === null && (policy.expiryRequired || latest))
    errors.push({ code: "REQUIRED", field: ["expiresAt"], message: "The account's policy requires an expiry." });
  if (expiresAt && latest && expiresAt > latest) {
    const message = `The account's policy allows a lifetime of up to ${policy.maxLifetimeDays} days.`;
    errors.push({ code: "INVALID", field: ["expiresAt"], message });
  }
  if (policy.ipRangesRequired && ipRanges !== undefined && !ipRanges?.length)
    errors.push({ code: "REQUIRED", field: ["ipRanges"], message: "The account's policy requires IP addresses." });
  const wide = policy.ipRangesRequired && ipRanges?.find(isWide);
  if (wide)
    errors.push({
      code: "INVALID",
      field: ["ipRanges"],
      message: `The account's policy requires narrower IP ranges than ${wide}: /8 or longer, or /16 for IPv6.`,
    });
  if (errors.length > 0) throw new UserInputError(errors);
}

/** Throws ILLEGAL_TRANSITION if values are shown only once. */
export function checkReveal({ valuesShownOnce }: Policy): void {
  if (valuesShownOnce)
    throw userInputError(
      "ILLEGAL_TRANSITION",
      "The account's policy shows a value only once. Rotate the token to get a new one.",
      "id",
    );
}

/** How long a sign-in is recent, in ms. */
export const recentMs = 15 * 60_000;

/**
 * Throws FORBIDDEN, with `recentSignInRequired` among the details, if the policy requires a recent sign-in and the
 * caller is a person who last signed in earlier.
 */
export async function checkRecentSignIn(
  manager: EntityManager,
  { app, caller }: CallContext,
  { recentSignInRequired }: Policy,
): Promise<void> {
  if (!recentSignInRequired || caller.kind !== "person") return;
  const session = await manager.findOneBy(SessionEntity, { id: caller.sessionId });
  const since = session?.authenticatedAt?.getTime() ?? 0;
  if (app.now().getTime() - since < recentMs) return;
  throw new RequestError("FORBIDDEN", "The account's policy requires a sign-in within the last 15 minutes.", {
    details: { recentSignInRequired: true },
  });
}
