import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { RequestContext } from "../../context/request-context.js";
import { ModuleType, toModule } from "../modules/module.types.js";
import { AccountType } from "./account.types.js";
import { modulesOfAccount } from "./account-loaders.js";

@Resolver(() => AccountType)
export class AccountsResolver {
  @FieldResolver(() => [ModuleType], { description: "Modules enabled for the account, by name." })
  async modules(@Root() account: AccountType, @Ctx() { loaders }: RequestContext): Promise<ModuleType[]> {
    return (await loaders.of(modulesOfAccount).load(account.id)).map(toModule);
  }
}
