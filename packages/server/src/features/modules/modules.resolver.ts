import { Ctx, Query, Resolver } from "type-graphql";
import { Allow } from "../../graphql-types.js";
import { callContext, type RequestContext } from "../../request-context.js";
import { ModuleType, toModule } from "./module.types.js";

@Resolver(() => ModuleType)
export class ModulesResolver {
  @Allow("account:read")
  @Query(() => [ModuleType], { description: "Modules enabled for the caller's account, by name." })
  async modules(@Ctx() context: RequestContext): Promise<ModuleType[]> {
    const { caller } = callContext(context);
    return (await context.loaders.modulesOfAccount.load(caller.account.id)).map(toModule);
  }
}
