import { type ApiTokenAction, availableActions } from "@hallpass/shared";
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { Loaders } from "../../context/loaders.js";
import type { RequestContext } from "../../context/request-context.js";
import { Cost } from "../../graphql/cost.js";
import { ActorType, DateTime } from "../../graphql/graphql-types.js";
import { countLimit, countUpTo, countUpToDescription } from "../../graphql/page-args.js";
import { AccountType, toAccount } from "../accounts/account.types.js";
import { accountById } from "../accounts/account-loaders.js";
import { ModuleType, toModule } from "../modules/module.types.js";
import { toPolicy } from "../policy/policy.js";
import { policyByAccount } from "../policy/policy-loader.js";
import { actorOf } from "./actors.js";
import { ApiTokenActionEnum, ApiTokenConnectionType, ApiTokenEventType, ApiTokenType } from "./api-token.types.js";
import { accessOfToken, eventsOfToken, modulesOfToken, valuesOfToken } from "./api-token-loaders.js";
import { mayEnable } from "./changes/delegation.js";
import { countActiveDescendants } from "./changes/descendants.js";

/** The value before the last rotation. Undefined once it is no longer valid. */
async function previousValueOf({ id, status }: ApiTokenType, { app, loaders }: RequestContext) {
  if (status === "DELETED") return undefined;
  const values = await loaders.of(valuesOfToken).load(id);
  const now = app.now();
  return values.find(({ slot, validUntil }) => slot === "PREVIOUS" && validUntil !== null && validUntil > now);
}

async function allowedByPolicy(
  actions: ApiTokenAction[],
  { accountId }: ApiTokenType,
  loaders: Loaders,
): Promise<ApiTokenAction[]> {
  if (!actions.includes("REVEAL")) return actions;
  const { valuesShownOnce } = toPolicy(await loaders.of(policyByAccount).load(accountId));
  return valuesShownOnce ? actions.filter((action) => action !== "REVEAL") : actions;
}

@Resolver(() => ApiTokenType)
export class ApiTokenFieldsResolver {
  @FieldResolver(() => [ApiTokenActionEnum], {
    description:
      "Actions the caller can take now, given the token's status, the caller's role and the account's policy.",
  })
  async availableActions(
    @Root() token: ApiTokenType,
    @Ctx() { caller, loaders }: RequestContext,
  ): Promise<ApiTokenAction[]> {
    const actions = await allowedByPolicy(caller ? availableActions(caller, token) : [], token, loaders);
    if (caller?.kind !== "token" || !actions.includes("ENABLE")) return actions;
    const [events, modules] = await Promise.all([
      loaders.of(eventsOfToken).load(token.id),
      loaders.of(modulesOfToken).load(token.id),
    ]);
    const disabledById = events.find(({ kind }) => kind === "DISABLED")?.byId ?? null;
    const reach = { moduleIds: modules.map(({ id }) => id), expiresAt: token.expiresAt, ipRanges: token.ipRanges };
    return mayEnable(caller, disabledById, reach) ? actions : actions.filter((action) => action !== "ENABLE");
  }

  @Cost({ own: 200 })
  @FieldResolver(() => Int, {
    description: "Active tokens that this token created, directly or through other tokens.",
  })
  activeDescendantCount(@Root() { id }: ApiTokenType, @Ctx() { app, statementLimit }: RequestContext): Promise<number> {
    return statementLimit(() => countActiveDescendants(app.dataSource.manager, id));
  }

  @FieldResolver(() => [ModuleType], { description: "Modules granted to the token, by name." })
  async modules(@Root() { id }: ApiTokenType, @Ctx() { loaders }: RequestContext): Promise<ModuleType[]> {
    return (await loaders.of(modulesOfToken).load(id)).map(toModule);
  }

  @FieldResolver(() => AccountType, { description: "Account that owns the token." })
  async account(
    @Root() { accountId }: ApiTokenType,
    @Ctx() { loaders, caller }: RequestContext,
  ): Promise<AccountType | null> {
    if (caller?.account.id === accountId) return toAccount(caller.account);
    const account = await loaders.of(accountById).load(accountId);
    return account && toAccount(account);
  }

  @FieldResolver(() => String, { description: "Base URL of the API the token gives access to, as configured." })
  endpoint(@Ctx() { app }: RequestContext): string {
    return app.config.apiEndpoint;
  }

  @Cost({ own: 5 })
  @FieldResolver(() => ActorType, { nullable: true, description: "Who created it. Null if the system did." })
  createdBy(
    @Root() { createdById, createdByName }: ApiTokenType,
    @Ctx() context: RequestContext,
  ): Promise<ActorType | null> {
    return actorOf(context, createdById, createdByName);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: "When a check last allowed the token. Null if never. Up to 5 seconds behind.",
  })
  async lastAccessAt(@Root() { id }: ApiTokenType, @Ctx() context: RequestContext): Promise<Date | null> {
    return (await lastAccessOf(id, context)).at;
  }

  @FieldResolver(() => String, { nullable: true, description: "IP address it was last used from." })
  async lastAccessIp(@Root() { id }: ApiTokenType, @Ctx() context: RequestContext): Promise<string | null> {
    return (await lastAccessOf(id, context)).ip;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "User agent it was last used by.",
  })
  async lastAccessUserAgent(@Root() { id }: ApiTokenType, @Ctx() context: RequestContext): Promise<string | null> {
    return (await lastAccessOf(id, context)).userAgent;
  }

  @Cost({ own: 5 })
  @FieldResolver(() => DateTime, {
    nullable: true,
    description: "When the previous value expires after a rotation. Null if there is no valid previous value.",
  })
  async previousValueExpiresAt(@Root() token: ApiTokenType, @Ctx() context: RequestContext): Promise<Date | null> {
    return (await previousValueOf(token, context))?.validUntil ?? null;
  }

  @Cost({ own: 5 })
  @FieldResolver(() => DateTime, {
    nullable: true,
    description: "When a check last allowed the previous value, while it is valid. Null if never.",
  })
  async previousValueLastAccessAt(@Root() token: ApiTokenType, @Ctx() context: RequestContext): Promise<Date | null> {
    return (await previousValueOf(token, context))?.lastUsedAt ?? null;
  }

  @Cost({ own: 5 })
  @FieldResolver(() => DateTime, {
    nullable: true,
    description: "When a check last allowed the current value. Null if never.",
  })
  async currentValueLastAccessAt(@Root() token: ApiTokenType, @Ctx() context: RequestContext): Promise<Date | null> {
    const values = await context.loaders.of(valuesOfToken).load(token.id);
    // A single value's last use is the token's last access.
    if (values.length === 1) return this.lastAccessAt(token, context);
    return values.find(({ slot }) => slot === "CURRENT")?.lastUsedAt ?? null;
  }

  @FieldResolver(() => [ApiTokenEventType], {
    description: "The latest event of each kind, oldest first.",
  })
  async events(@Root() { id }: ApiTokenType, @Ctx() { loaders }: RequestContext): Promise<ApiTokenEventType[]> {
    const events = await loaders.of(eventsOfToken).load(id);
    return events.map(({ kind, at, byId, byName }) =>
      Object.assign(new ApiTokenEventType(), { kind, at, byId, byName }),
    );
  }
}

/** The last access not written yet, or else the stored one. */
async function lastAccessOf(id: string, { app, loaders }: RequestContext) {
  const pending = app.usage.pendingAccess(id);
  if (pending) return { at: new Date(pending.at), ...pending.origin };
  const stored = await loaders.of(accessOfToken).load(id);
  return { at: stored?.lastAccessAt ?? null, ip: stored?.ip ?? null, userAgent: stored?.userAgent ?? null };
}

@Resolver(() => ApiTokenEventType)
export class ApiTokenEventResolver {
  @Cost({ own: 5 })
  @FieldResolver(() => ActorType, { nullable: true, description: "Who performed it. Null if the system did." })
  by(@Root() { byId, byName }: ApiTokenEventType, @Ctx() context: RequestContext): Promise<ActorType | null> {
    return actorOf(context, byId, byName);
  }
}

@Resolver(() => ApiTokenConnectionType)
export class ApiTokenConnectionResolver {
  @FieldResolver(() => Int, { description: "Number of rows in all pages. Counted only when requested." })
  totalCount(@Root() { count }: ApiTokenConnectionType): Promise<number> {
    return count();
  }

  @FieldResolver(() => Int, { description: countUpToDescription })
  async countUpTo(
    @Root() { count }: ApiTokenConnectionType,
    @Arg("limit", () => Int, countLimit) limit: number,
  ): Promise<number> {
    return countUpTo(count, limit);
  }
}
