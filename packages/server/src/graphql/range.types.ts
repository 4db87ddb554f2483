import { Field, InputType } from "type-graphql";
import { DateTime } from "./graphql-types.js";

@InputType({ description: "from is included, to is not." })
export class DateTimeRange {
  @Field(() => DateTime, { nullable: true, description: "Included." }) from?: Date | null;
  @Field(() => DateTime, { nullable: true, description: "Not included." }) to?: Date | null;
}
