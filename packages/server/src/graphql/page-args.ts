import { limits } from "@hallpass/shared";
import { type GraphQLResolveInfo, Kind } from "graphql";
import { ArgsType, Field, Int } from "type-graphql";
import { badInput } from "../core/errors.js";
import type { Page, PageArgs } from "../db/page.js";

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

export const countUpToDescription =
  "Number of rows in all pages, or `limit` if there are more. In a large account, faster than `totalCount`.";
export const countLimit = { defaultValue: limits.countedRows + 1, description: "1 or more." };

/** Whether the request asks for nothing of a connection but the number of rows. */
export const isOnlyCounted = ({ fieldNodes }: GraphQLResolveInfo): boolean =>
  fieldNodes.every(({ selectionSet }) =>
    selectionSet?.selections.every((each) => each.kind === Kind.FIELD && counts.includes(each.name.value)),
  );

// Clients with a cache add the type to each selection.
const counts = ["totalCount", "countUpTo", "__typename"];

/** Resolves `countUpTo` of a connection. Throws BAD_USER_INPUT if the limit is invalid. */
export function countUpTo(count: Page<unknown>["count"], limit: number): Promise<number> {
  if (limit < 1) throw badInput("'limit' must be at least 1.");
  return count(limit);
}
