import { parseIdentifier, type UserError } from "@hallpass/shared";
import type { AuthenticatedCaller } from "../../../core/callers.js";
import { RequestError, UserInputError } from "../../../core/errors.js";

// A token may do to other tokens only what leaves them with no more than it has itself: its modules, until its expiry.

/** What a change leaves a token with. */
export interface Reach {
  moduleIds: readonly string[];
  /** Null: never. */
  expiresAt: Date | null;
}

/** Whether the caller may give a token this much. A person may; what the account allows is checked elsewhere. */
export function isWithinReach(caller: AuthenticatedCaller, reach: Reach): boolean {
  return errorsOf(caller, reach).length === 0;
}

/** For a change that gives a token this much. `listed`: the modules in the input, to say which of them is too much. */
export function checkReach(caller: AuthenticatedCaller, reach: Reach, listed = reach.moduleIds): void {
  const errors = errorsOf(caller, reach, listed);
  if (errors.length > 0) throw new UserInputError(errors);
}

function errorsOf(
  caller: AuthenticatedCaller,
  { moduleIds, expiresAt }: Reach,
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
  return errors;
}

/** A token enables only what a token disabled, and nothing beyond its own reach. `disabledById`: null for the system. */
export function mayEnable(caller: AuthenticatedCaller, disabledById: string | null, reach: Reach): boolean {
  if (caller.kind !== "token") return true;
  return parseIdentifier(disabledById ?? "")?.kind === "token" && isWithinReach(caller, reach);
}

export const notForTokens = () =>
  new RequestError(
    "FORBIDDEN",
    "An API token can enable only tokens that were disabled by a token and have no more access than itself.",
  );
