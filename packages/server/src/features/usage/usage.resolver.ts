import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { RequestContext } from "../../context/request-context.js";
import { Cost } from "../../graphql/cost.js";
import { ApiTokenType } from "../api-tokens/api-token.types.js";
import { UsageDayType } from "./usage.types.js";
import { usageDaysOf, usageOfToken } from "./usage-of-token.js";

@Resolver(() => ApiTokenType)
export class UsageResolver {
  @Cost({ own: 40, rows: usageDaysOf })
  @FieldResolver(() => [UsageDayType], {
    description: "One row per day, oldest first, including days without traffic. days: 1 to 90.",
  })
  usage(
    @Root() { id }: ApiTokenType,
    @Arg("days", () => Int, {
      nullable: true,
      defaultValue: 30,
      description: "Number of days including today: 1 to 90.",
    })
    days: number | null,
    @Ctx() context: RequestContext,
  ): Promise<UsageDayType[]> {
    return usageOfToken(context, id, { days });
  }
}
