import { Field, Int, ObjectType } from "type-graphql";

@ObjectType("UsageDay", { description: "Checks of a token on a day." })
export class UsageDayType {
  @Field({ description: "YYYY-MM-DD in UTC." }) day: string;
  @Field(() => Int, { description: "Checks that the token passed." }) allowed: number;
  @Field(() => Int, { description: "Checks in which it was presented and refused." }) denied: number;
}
