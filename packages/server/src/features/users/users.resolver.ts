import { Ctx, Query, Resolver } from "type-graphql";
import { callContext, type RequestContext } from "../../context/request-context.js";
import { Cost } from "../../graphql/cost.js";
import { Allow } from "../../graphql/graphql-types.js";
import { toUser, UserType } from "./user.types.js";
import { usersOfAccount } from "./users.service.js";

@Resolver(() => UserType)
export class UsersResolver {
  @Allow("apiToken:read")
  @Cost({ rows: 50 })
  @Query(() => [UserType], { description: "Users of the caller's account, by name." })
  async users(@Ctx() context: RequestContext): Promise<UserType[]> {
    const { caller } = callContext(context);
    return (await usersOfAccount(context.app.dataSource.manager, caller.account.id)).map(toUser);
  }
}
