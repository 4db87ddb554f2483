import { Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import type { RequestContext } from "../../context/request-context.js";
import { Cost } from "../../graphql/cost.js";
import { ActorType, Allow } from "../../graphql/graphql-types.js";
import { AccountType, toAccount } from "../accounts/account.types.js";
import { modulesOfAccount } from "../accounts/account-loaders.js";
import { actorOf } from "../api-tokens/actors.js";
import { ModuleType, toModule } from "../modules/module.types.js";
import { toViewer, ViewerType } from "../sessions/session.types.js";
import { accountsOfUser } from "../users/users.service.js";

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Allow("anyone")
  @Query(() => ViewerType, {
    nullable: true,
    description: "The caller. Null if the request has no valid session or token.",
  })
  viewer(@Ctx() { caller }: RequestContext): ViewerType | null {
    return caller && toViewer(caller);
  }

  @FieldResolver(() => ActorType, { description: "The user or API token." })
  actor(@Root() { caller }: ViewerType, @Ctx() context: RequestContext): Promise<ActorType | null> {
    return actorOf(context, caller.id, caller.name);
  }

  @FieldResolver(() => AccountType, {
    description:
      "The account of this request: the one named by `Hallpass-Account`, or else that of the session or token.",
  })
  account(@Root() { caller }: ViewerType): AccountType {
    return toAccount(caller.account);
  }

  @Cost({ own: 100 })
  @FieldResolver(() => [AccountType], { description: "Accounts the user can switch to. A token has exactly one." })
  async accounts(@Root() { caller }: ViewerType, @Ctx() { app }: RequestContext): Promise<AccountType[]> {
    if (caller.kind === "token") return [toAccount(caller.account)];
    return (await accountsOfUser(app.dataSource.manager, caller.id)).map(toAccount);
  }

  @FieldResolver(() => [ModuleType], { description: "Modules the caller can use." })
  async modules(@Root() { caller }: ViewerType, @Ctx() { loaders }: RequestContext): Promise<ModuleType[]> {
    const modules = await loaders.of(modulesOfAccount).load(caller.account.id);
    const mine = caller.kind === "token" ? modules.filter(({ id }) => caller.moduleIds.includes(id)) : modules;
    return mine.map(toModule);
  }
}
