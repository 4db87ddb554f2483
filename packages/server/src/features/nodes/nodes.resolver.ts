import { can, parseIdentifier } from "@hallpass/shared";
import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { Allow, NodeType } from "../../graphql-types.js";
import { type CallContext, callContext, type RequestContext } from "../../request-context.js";
import { toAccount } from "../accounts/account.types.js";
import { toApiToken } from "../api-tokens/api-token.types.js";
import { findApiToken } from "../api-tokens/api-tokens.service.js";
import { findAuditRecord } from "../audit/audit.service.js";
import { parseAuditRecordId, toAuditRecord } from "../audit/audit-record.types.js";
import { toModule } from "../modules/module.types.js";
import { toUser } from "../users/user.types.js";
import { userOfAccount } from "../users/users.service.js";

@Resolver()
export class NodesResolver {
  @Allow("caller")
  @Query(() => NodeType, {
    nullable: true,
    description: "Any object by its identifier; null when it does not exist or is another account's.",
  })
  node(@Arg("id", () => ID) id: string, @Ctx() context: RequestContext): Promise<NodeType | null> {
    return findNode(context, callContext(context), id);
  }
}

/** What the caller may not read by its own field is not there for them here either. */
async function findNode({ loaders, caller }: RequestContext, call: CallContext, id: string): Promise<NodeType | null> {
  if (!caller) return null;
  const record = parseAuditRecordId(id);
  if (record) {
    if (record.accountId !== caller.account.id || !can(caller, "auditTrail:read")) return null;
    const found = await findAuditRecord(call, record.sequence);
    return found && toAuditRecord(found);
  }
  switch (parseIdentifier(id)?.kind) {
    case "account":
      return id === caller.account.id ? toAccount(caller.account) : null;
    case "module": {
      const enabled = await loaders.modulesOfAccount.load(caller.account.id);
      return enabled.filter((module) => module.id === id).map(toModule)[0] ?? null;
    }
    case "token": {
      const token = can(caller, "apiToken:read") ? await findApiToken(call, id) : null;
      return token && toApiToken(token);
    }
    case "user": {
      const user = can(caller, "apiToken:read")
        ? await userOfAccount(call.app.dataSource.manager, caller.account.id, id)
        : null;
      return user && toUser(user);
    }
    default:
      return null;
  }
}
