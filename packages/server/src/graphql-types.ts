import { type InputFault, type Permission, type UserErrorCode, userErrorCodes } from "@hallpass/shared";
import { GraphQLScalarType } from "graphql";
import { GraphQLDateTime } from "graphql-scalars";
import { Extensions, Field, ID, InterfaceType, ObjectType, registerEnumType } from "type-graphql";
import type { Page } from "./db/page.js";
import { UserFault } from "./errors.js";

// What every feature's types are made of.

export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTime.toConfig(),
  description: "RFC 3339 date and time in UTC, milliseconds kept, e.g. 2026-11-23T09:30:00.000Z.",
});

/** Who may call a root field. `anyone` needs no caller, `caller` any good one; else as the table in shared says. */
export type Access = Permission | "anyone" | "caller";

/**
 * Declares who may call a root field; one without it stops the start. On a type: who may ask for more than what its
 * interfaces have, wherever the object is met, e.g. as the actor of an audit record.
 */
export const Allow = (access: Access) => Extensions({ access });

/** GraphQL enums have the names of our string unions as names and values. */
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

@InterfaceType("Node", { description: "Anything with an identifier of its own." })
export abstract class NodeType {
  @Field(() => ID, { description: "Unique in the deployment and never given again." }) id: string;
}

@InterfaceType("Actor", { description: "Whoever did something: a person or an API token." })
export abstract class ActorType {
  @Field(() => ID, { description: "USR-… for a person, TKN-… for an API token." }) id: string;
  @Field({ description: "What people read." }) name: string;
}

@ObjectType("FormerActor", {
  implements: ActorType,
  description: "A person who was removed or an API token that was deleted; the name as it was then.",
})
export class FormerActorType extends ActorType {}

@ObjectType("PageInfo", { description: "Where a page stands in its list (Relay)." })
export class PageInfoType {
  @Field({ description: "There are rows after this page." }) hasNextPage: boolean;
  @Field({ description: "There are rows before this page." }) hasPreviousPage: boolean;
  @Field(() => String, { nullable: true, description: "Of the first row; null on an empty page." })
  startCursor: string | null;
  @Field(() => String, { nullable: true, description: "Of the last row; null on an empty page." })
  endCursor: string | null;
}

export const UserErrorCodeEnum = enumOf("UserErrorCode", userErrorCodes, "What is wrong with an input.", {
  REQUIRED: "It was left out or is empty.",
  INVALID: "It does not have the form that it needs.",
  TOO_LONG: "It is longer than the limit.",
  NOT_FOUND: "There is no such object, or it is another account's.",
  MODULE_NOT_ENABLED: "The module is not enabled for the account, or the calling token does not have it.",
  ILLEGAL_TRANSITION: "The token's status does not allow it.",
  VERSION_CONFLICT: "Somebody else has changed it since it was read.",
  LIMIT_REACHED: "There is no room for more.",
  WRONG_CREDENTIALS: "The email address or the password is wrong.",
});

@ObjectType("UserError", {
  description:
    "A fault in what the caller asked for; the payload's other fields are then null and nothing has changed.",
})
export class UserErrorType implements InputFault {
  @Field(() => UserErrorCodeEnum, { description: "For programs: stable." }) code: UserErrorCode;
  @Field(() => [String], { nullable: true, description: 'Path in the input, e.g. ["moduleIds", "0"].' })
  field: string[];
  @Field({ description: "For people." }) message: string;
}

@ObjectType()
export abstract class PayloadType {
  @Field(() => [UserErrorType], { description: "Empty when it was done." }) userErrors: UserErrorType[];
}

/** What a mutation answers: the work's result, or what was wrong with the input. */
export async function payload<Result extends object>(
  work: Promise<Result>,
): Promise<Partial<Result> & { userErrors: InputFault[] }> {
  try {
    return { ...(await work), userErrors: [] };
  } catch (error) {
    if (!(error instanceof UserFault)) throw error;
    return { userErrors: error.faults } as Partial<Result> & { userErrors: InputFault[] };
  }
}

/** A page of rows as a Relay connection of the type that goes out. */
export function connection<Row, Type>(page: Page<Row>, toType: (row: Row) => Type) {
  const edges = page.edges.map(({ node, cursor }) => ({ node: toType(node), cursor }));
  return { edges, nodes: edges.map(({ node }) => node), pageInfo: page.pageInfo, count: page.count };
}
