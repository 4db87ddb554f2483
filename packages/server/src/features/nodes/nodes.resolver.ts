import { can, type IdentifierKind, type Permission, parseIdentifier } from "@hallpass/shared";
import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { type CallContext, callContext, type RequestContext } from "../../context/request-context.js";
import { Allow, NodeType } from "../../graphql/graphql-types.js";
import { toAccount } from "../accounts/account.types.js";
import { modulesOfAccount } from "../accounts/account-loaders.js";
import { toApiToken } from "../api-tokens/api-token.types.js";
import { findApiToken } from "../api-tokens/list-api-tokens.js";
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
    description: "The object with this ID. Null if it does not exist or belongs to another account.",
  })
  node(
    @Arg("id", () => ID, { description: "ID of an object of any kind." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<NodeType | null> {
    return findNode(context, callContext(context), id);
  }
}

type Find = (context: RequestContext, call: CallContext, id: string) => Promise<NodeType | null>;

/** Null also for objects the caller may not read through their own field. */
function findNode(context: RequestContext, call: CallContext, id: string): Promise<NodeType | null> {
  const kind = parseAuditRecordId(id) ? "auditRecord" : parseIdentifier(id)?.kind;
  const finder = kind && finders[kind];
  if (!finder || !context.caller || !can(context.caller, finder.permission)) return Promise.resolve(null);
  return finder.find(context, call, id);
}

const finders: Record<IdentifierKind | "auditRecord", { permission: Permission; find: Find }> = {
  account: {
    permission: "account:read",
    find: async (_context, { caller }, id) => (id === caller.account.id ? toAccount(caller.account) : null),
  },
  module: {
    permission: "account:read",
    async find({ loaders }, { caller }, id) {
      const enabled = await loaders.of(modulesOfAccount).load(caller.account.id);
      return enabled.filter((module) => module.id === id).map(toModule)[0] ?? null;
    },
  },
  token: {
    permission: "apiToken:read",
    async find(_context, call, id) {
      const token = await findApiToken(call, id);
      return token && toApiToken(token);
    },
  },
  user: {
    permission: "apiToken:read",
    async find(_context, { app, caller }, id) {
      const user = await userOfAccount(app.dataSource.manager, caller.account.id, id);
      return user && toUser(user);
    },
  },
  auditRecord: {
    permission: "auditTrail:read",
    async find(_context, call, id) {
      const record = parseAuditRecordId(id);
      if (record?.accountId !== call.caller.account.id) return null;
      const found = await findAuditRecord(call, record.sequence);
      return found && toAuditRecord(found);
    },
  },
};
