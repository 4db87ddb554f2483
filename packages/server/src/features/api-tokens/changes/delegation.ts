import { parseIdentifier, type UserError } from "@hallpass/shared";
import { isWithinRanges } from "@hallpass/shared/check";
import type { AuthenticatedCaller } from "../../../core/caller-types.js";
import { RequestError, UserInputError } from "../../../core/errors.js";

// A token can give other tokens no more than it has itself: its modules, until its expiry, from its IP ranges.

/** A token's access after a change. */
export interface Reach {
  moduleIds: readonly string[];
  /** Null if never. */
  expiresAt: Date | null;
  /** Null for anywhere. */
  ipRanges: readonly string[] | null;
}

/**
 * Whether the caller may give a token this much access. A person always may: the account's modules are checked
 * elsewhere.
 */
export function isWithinReach(caller: AuthenticatedCaller, reach: Reach): boolean {
  return errorsOf(caller, reach).length === 0;
}

/**
 * Throws MODULE_NOT_ENABLED or INVALID if the caller may not give a token this much access. `listed` contains the
 * modules in the input, to report which of them is too much.
 */
export function checkReach(caller: AuthenticatedCaller, reach: Reach, listed = reach.moduleIds): void {
  const errors = errorsOf(caller, reach, listed);
  if (errors.length > 0) throw new UserInputError(errors);
}

function errorsOf(
  caller: AuthenticatedCaller,
  { moduleIds, expiresAt, ipRanges }: Reach,
  listed: readonly string[] = moduleIds,
): UserError[] {
  if (caller.kind !== "token") return [];
  const errors = moduleIds.flatMap((id): UserError[] => {
    if (caller.moduleIds.includes(id)) return [];
    const message = `The calling token does not have module ${id}, so it cannot grant it.`;
    const field = listed.includes(id) ? ["moduleIds", String(listed.indexOf(id))] : ["expiresAt"];
    return [{ code: "MODULE_NOT_ENABLED", field, message }];
  });
  if (caller.expiresAt !== null && (expiresAt === null || expiresAt.getTime() > caller.expiresAt)) {
    const message = `The calling token expires at ${new Date(caller.expiresAt).toISOString()}, so it cannot set a later expiry.`;
    errors.push({ code: "INVALID", field: ["expiresAt"], message });
  }
  if (isWider(ipRanges, caller.ipRanges)) {
    const message =
      "The calling token is restricted to certain IP ranges, so it can grant access only from within them.";
    errors.push({ code: "INVALID", field: ["ipRanges"], message });
  }
  return errors;
}

/** Whether the ranges have an IP address that the others do not. Null and empty for anywhere. */
export function isWider(ranges: readonly string[] | null, others: readonly string[] | null): boolean {
  if (!others?.length) return false;
  return !ranges?.length || ranges.some((range) => !isWithinRanges(range, others));
}

/**
 * A token can enable only tokens that a token disabled, and only within its own reach. `disabledById` is null for the
 * system.
 */
export function mayEnable(caller: AuthenticatedCaller, disabledById: string | null, reach: Reach): boolean {
  if (caller.kind !== "token") return true;
  return parseIdentifier(disabledById ?? "")?.kind === "token" && isWithinReach(caller, reach);
}

export const notForTokens = () =>
  new RequestError(
    "FORBIDDEN",
    "An API token can enable only tokens that were disabled by a token and have no more access than itself.",
  );
