import type { AuthenticatedCaller } from "../../core/caller-types.js";
import type { ApiTokenEntity } from "./api-token.entity.js";

/** Only users in an OPERATIONS account can see deleted tokens. */
export function maySeeDeleted(caller: AuthenticatedCaller): boolean {
  return caller.kind === "person" && caller.account.type === "OPERATIONS";
}

/** To the caller, tokens of another account and deleted tokens they may not see do not exist. */
export function canSee(caller: AuthenticatedCaller, token: Pick<ApiTokenEntity, "accountId" | "status">): boolean {
  if (token.accountId !== caller.account.id) return false;
  return token.status !== "DELETED" || maySeeDeleted(caller);
}
