import { type Permission, type UserError, type UserErrorCode, userErrorCodes } from "@hallpass/shared";
import { GraphQLScalarType } from "graphql";
import { GraphQLDateTime } from "graphql-scalars";
import { Extensions, Field, ID, InterfaceType, ObjectType, registerEnumType } from "type-graphql";
import { UserInputError } from "../core/errors.js";
import type { Page } from "../db/page.js";
import { Cost } from "./cost.js";

// Building blocks of every feature's types.

export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTime.toConfig(),
  description: "RFC 3339 date and time in UTC, with milliseconds, e.g. 2026-11-23T09:30:00.000Z.",
});

/**
 * Who may call a root field. `anyone` needs no caller, `caller` any valid one. For permissions, see
 * shared/src/permissions.ts.
 */
export type Access = Permission | "anyone" | "caller";

/**
 * Declares who may call a root field. A root field without it fails the start. On a type, declares who may read more
 * than its interfaces have, wherever the object appears, e.g. as the actor of an audit record.
 */
export const Allow = (access: Access) => Extensions({ access });

/** Registers a GraphQL enum with the members of a string union as names and values. */
export function enumOf<Value extends string>(
  name: string,
  values: readonly Value[],
  description: string,
  descriptions: Partial<Record<Value, string>> = {},
): Record<Value, Value> {
  const type = Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;
  const valuesConfig = Object.fromEntries(
    Object.entries(descriptions).map(([value, text]) => [value, { description: text as string }]),
  ) as Record<Value, { description: string }>;
  registerEnumType(type, { name, description, valuesConfig });
  return type;
}

@InterfaceType("Node", { description: "An object with an ID." })
export abstract class NodeType {
  @Field(() => ID, { description: "Unique in the deployment and never reused." }) id: string;
}

@InterfaceType("Actor", { description: "Who performed an action: a user or an API token." })
export abstract class ActorType {
  @Field(() => ID, { description: "USR-… for a user, TKN-… for an API token." }) id: string;
  @Field({ description: "Display name." }) name: string;
}

@ObjectType("FormerActor", {
  implements: ActorType,
  description: "A removed user or deleted API token, with its last name.",
})
export class FormerActorType extends ActorType {}

@ObjectType("PageInfo", { description: "Position of a page in its list (Relay)." })
export class PageInfoType {
  @Field({ description: "Whether there are rows after this page." }) hasNextPage: boolean;
  @Field({ description: "Whether there are rows before this page." }) hasPreviousPage: boolean;
  @Field(() => String, { nullable: true, description: "Cursor of the first row. Null on an empty page." })
  startCursor: string | null;
  @Field(() => String, { nullable: true, description: "Cursor of the last row. Null on an empty page." })
  endCursor: string | null;
}

export const UserErrorCodeEnum = enumOf("UserErrorCode", userErrorCodes, "A kind of input error.", {
  REQUIRED: "A required value is missing or empty.",
  INVALID: "The value is invalid.",
  TOO_LONG: "The value is longer than the limit.",
  NOT_FOUND: "The object does not exist or belongs to another account.",
  MODULE_NOT_ENABLED: "The module is not enabled for the account, or the calling token does not have it.",
  ILLEGAL_TRANSITION: "The token's status does not allow it.",
  VERSION_CONFLICT: "The object has changed since it was read.",
  LIMIT_REACHED: "A limit has been reached.",
  WRONG_CREDENTIALS: "The email address or password is incorrect.",
});

@ObjectType("UserError", {
  description: "An input error. Nothing was changed, and the payload's other fields are null.",
})
export class UserErrorType implements UserError {
  @Field(() => UserErrorCodeEnum, { description: "Stable code for programs." }) code: UserErrorCode;
  @Field(() => [String], { nullable: true, description: 'Path in the input, e.g. ["moduleIds", "0"].' })
  field: string[];
  @Field({ description: "Message for people." }) message: string;
}

@ObjectType()
export abstract class PayloadType {
  // Usually empty, and a list is charged for its length once that is known.
  @Cost({ own: 1, rows: 0 })
  @Field(() => [UserErrorType], { description: "Empty on success." })
  userErrors: UserErrorType[];
}

/** A mutation's payload: the result, or the errors in the input. */
export async function payload<Result extends object>(
  work: Promise<Result>,
): Promise<Partial<Result> & { userErrors: UserError[] }> {
  try {
    return { ...(await work), userErrors: [] };
  } catch (error) {
    if (!(error instanceof UserInputError)) throw error;
    return { userErrors: error.userErrors } as Partial<Result> & { userErrors: UserError[] };
  }
}

/** Converts a page of rows to a Relay connection of the GraphQL type. */
export function connection<Row, Type>(page: Page<Row>, toType: (row: Row) => Type) {
  const nodes = page.edges.map(({ node }) => toType(node));
  return {
    // Each is needed by those requests alone that ask for it.
    get edges() {
      return page.edges.map(({ cursor }, index) => ({ node: nodes[index] as Type, cursor }));
    },
    nodes,
    pageInfo: page.pageInfo,
    count: page.count,
  };
}
