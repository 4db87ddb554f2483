import { ArgsType, Field, Int } from "type-graphql";
import type { PageArgs } from "../db/page.js";

@ArgsType()
export class PageArgsType implements PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: "Number of rows from the start or after a cursor: 1 to 100, 10 by default.",
  })
  first?: number | null;
  @Field(() => String, { nullable: true, description: "Cursor of the row before the page." })
  after?: string | null;
  @Field(() => Int, { nullable: true, description: "Number of rows from the end or before a cursor: 1 to 100." })
  last?: number | null;
  @Field(() => String, { nullable: true, description: "Cursor of the row after the page." })
  before?: string | null;
  @Field(() => Int, { nullable: true, description: "Number of rows to skip. Cannot be combined with after or before." })
  offset?: number | null;
}
