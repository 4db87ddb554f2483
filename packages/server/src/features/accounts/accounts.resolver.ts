import { Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { callContext, type RequestContext } from "../../context/request-context.js";
import { Allow } from "../../graphql/graphql-types.js";
import { ModuleType, toModule } from "../modules/module.types.js";
import { AccountType } from "./account.types.js";
import { modulesOfAccount } from "./account-loaders.js";

@Resolver(() => AccountType)
export class AccountsResolver {
  @FieldResolver(() => [ModuleType], { description: "Modules enabled for the account, by name." })
  async modules(@Root() account: AccountType, @Ctx() { loaders }: RequestContext): Promise<ModuleType[]> {
    return (await loaders.of(modulesOfAccount).load(account.id)).map(toModule);
  }

  @Allow("account:read")
  @Query(() => [ModuleType], { name: "modules", description: "Modules enabled for the caller's account, by name." })
  async modulesOfCaller(@Ctx() context: RequestContext): Promise<ModuleType[]> {
    const { caller } = callContext(context);
    return (await context.loaders.of(modulesOfAccount).load(caller.account.id)).map(toModule);
  }
}
