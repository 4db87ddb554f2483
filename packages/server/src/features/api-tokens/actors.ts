import { parseIdentifier } from "@hallpass/shared";
import type { RequestContext } from "../../context/request-context.js";
import { type ActorType, FormerActorType } from "../../graphql/graphql-types.js";
import { toUser } from "../users/user.types.js";
import { memberOfAccount } from "../users/user-loaders.js";
import { toApiToken } from "./api-token.types.js";
import { apiTokenById } from "./api-token-loaders.js";
import { canSee } from "./visibility.js";

/** The actor as they are now, or with their last known name if they no longer exist. Null for the system. */
export async function actorOf(
  { loaders, caller }: RequestContext,
  id: string | null,
  name: string | null,
): Promise<ActorType | null> {
  if (id === null) return null;
  if (caller && parseIdentifier(id)?.kind === "token") {
    const token = await loaders.of(apiTokenById).load(id);
    if (token && canSee(caller, token)) return toApiToken(token);
  } else if (caller) {
    const user = await loaders.of(memberOfAccount).load({ accountId: caller.account.id, userId: id });
    if (user) return toUser(user);
  }
  return Object.assign(new FormerActorType(), { id, name: name ?? id });
}
