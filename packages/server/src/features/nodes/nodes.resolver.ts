import { can, type IdentifierKind, limits, type Permission, parseIdentifier } from "@hallpass/shared";
import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { type CallContext, callContext, type RequestContext } from "../../context/request-context.js";
import { badInput } from "../../core/errors.js";
import { Cost } from "../../graphql/cost.js";
import { Allow, NodeType } from "../../graphql/graphql-types.js";
import { toAccount } from "../accounts/account.types.js";
import { modulesOfAccount } from "../accounts/account-loaders.js";
import { toApiToken } from "../api-tokens/api-token.types.js";
import { apiTokenById } from "../api-tokens/api-token-loaders.js";
import { canSee } from "../api-tokens/visibility.js";
import { parseAuditRecordId, toAuditRecord } from "../audit-trail/audit-record.types.js";
import { findAuditRecord } from "../audit-trail/list-audit-records.js";
import { toModule } from "../modules/module.types.js";
import { toUser } from "../users/user.types.js";
import { memberOfAccount } from "../users/user-loaders.js";

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

  @Allow("caller")
  @Cost({
    own: ({ ids }: NodesArgs) => costOfRequest + costOfNode * countOf(ids),
    rows: ({ ids }: NodesArgs) => countOf(ids),
  })
  @Query(() => [NodeType], {
    nullable: "items",
    description:
      "The objects with these IDs, in the same order: up to 100. Null where one does not exist or belongs to another account.",
  })
  nodes(
    @Arg("ids", () => [ID], { description: "IDs of objects of any kind." }) ids: string[],
    @Ctx() context: RequestContext,
  ): Promise<(NodeType | null)[]> {
    countOf(ids);
    return Promise.all(ids.map((id) => findNode(context, callContext(context), id)));
  }
}

interface NodesArgs {
  ids: string[];
}

const costOfRequest = 300;
/** Each audit record takes a statement. */
const costOfNode = 100;

function countOf(ids: string[]): number {
  if (ids.length > limits.pageSize) throw badInput(`Ask for up to ${limits.pageSize} IDs at a time.`);
  return ids.length;
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
    async find({ loaders }, { caller }, id) {
      const token = await loaders.of(apiTokenById).load(id);
      return token && canSee(caller, token) ? toApiToken(token) : null;
    },
  },
  user: {
    permission: "apiToken:read",
    async find({ loaders }, { caller }, id) {
      const user = await loaders.of(memberOfAccount).load({ accountId: caller.account.id, userId: id });
      return user && toUser(user);
    },
  },
  auditRecord: {
    permission: "auditTrail:read",
    async find({ statementLimit }, call, id) {
      const record = parseAuditRecordId(id);
      if (record?.accountId !== call.caller.account.id) return null;
      const found = await statementLimit(() => findAuditRecord(call, record.sequence));
      return found && toAuditRecord(found);
    },
  },
};
