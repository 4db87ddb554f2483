import { Ctx, Query, Resolver } from "type-graphql";
import { callContext, type RequestContext } from "../../context/request-context.js";
import { Allow } from "../../graphql/graphql-types.js";
import { modulesOfAccount } from "../accounts/account-loaders.js";
import { ModuleType, toModule } from "./module.types.js";

@Resolver(() => ModuleType)
export class ModulesResolver {
  @Allow("account:read")
  @Query(() => [ModuleType], { description: "Modules enabled for the caller's account, by name." })
  async modules(@Ctx() context: RequestContext): Promise<ModuleType[]> {
    const { caller } = callContext(context);
    return (await context.loaders.of(modulesOfAccount).load(caller.account.id)).map(toModule);
  }
}
