import { Field, Int, ObjectType } from "type-graphql";

@ObjectType("UsageDay", { description: "A token's checks on one day." })
export class UsageDayType {
  @Field({ description: "YYYY-MM-DD in UTC." }) day: string;
  @Field(() => Int, { description: "Number of checks that allowed the token." }) allowed: number;
  @Field(() => Int, { description: "Number of checks that denied the token." }) denied: number;
}
