import type { AuthenticatedCaller } from "../../core/callers.js";
import type { ApiTokenEntity } from "./api-token.entity.js";

/** Deleted tokens are there for people of an OPERATIONS account alone. */
export function maySeeDeleted(caller: AuthenticatedCaller): boolean {
  return caller.kind === "person" && caller.account.type === "OPERATIONS";
}

/** Another account's token and a deleted one are, to the caller, tokens that do not exist. */
export function canSee(caller: AuthenticatedCaller, token: Pick<ApiTokenEntity, "accountId" | "status">): boolean {
  if (token.accountId !== caller.account.id) return false;
  return token.status !== "DELETED" || maySeeDeleted(caller);
}
