import { can, moduleFor, type Permission } from "@hallpass/shared";
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from "graphql";
import type { RequestContext } from "../context/request-context.js";
import type { PersonCaller, TokenCaller } from "../core/caller-types.js";
import { RequestError, unauthenticated } from "../core/errors.js";
import type { Access } from "./graphql-types.js";

/** Throws UNAUTHENTICATED or FORBIDDEN, with details of what is missing. */
export function assertAllowed(caller: PersonCaller | TokenCaller | null, access: Access): void {
  if (access === "anyone") return;
  if (!caller) throw unauthenticated();
  if (access === "caller" || can(caller, access)) return;
  throw forbidden(caller, access);
}

function forbidden(caller: PersonCaller | TokenCaller, permission: Permission): RequestError {
  const module = moduleFor(permission);
  if (caller.kind === "person") return new RequestError("FORBIDDEN", "Your role in this account does not allow this.");
  if (!module) return new RequestError("FORBIDDEN", "API tokens cannot do this. Sign in as a user.");
  return new RequestError("FORBIDDEN", `The API token does not have module ${module}.`, {
    headers: { "WWW-Authenticate": `Bearer realm="hallpass", error="insufficient_scope", scope="${module}"` },
    details: { missingModule: module },
  });
}

/**
 * Enforces declared access before resolvers run, and adds to each description what API tokens need. Throws if a root
 * field declares none.
 */
export function guardFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(type?.getFields() ?? {}))
      if (!accessOf(field))
        throw new Error(`${type?.name}.${field.name} does not declare who may call it: add @Allow.`);
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) guardType(type);
  return schema;
}

function guardType(type: GraphQLObjectType): void {
  const ofType = accessOf(type);
  if (ofType) describe(type, ofType);
  const ofInterfaces = type.getInterfaces().flatMap((each) => Object.keys(each.getFields()));
  for (const field of Object.values(type.getFields())) {
    const ofField = accessOf(field);
    if (ofField) describe(field, ofField);
    if (ofField) guard(field, ofField);
    if (ofType && !ofInterfaces.includes(field.name)) guard(field, ofType);
  }
}

const accessOf = ({ extensions }: GraphQLObjectType | GraphQLField<unknown, RequestContext>) =>
  (extensions as { access?: Access }).access;

function guard(field: GraphQLField<unknown, RequestContext>, access: Access): void {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (root, args, context, info) => {
    assertAllowed(context.caller, access);
    return resolve(root, args, context, info);
  };
}

function describe(item: { description?: string | null | undefined }, access: Access): void {
  if (access === "anyone" || access === "caller" || can({ kind: "token", id: "", moduleIds: [] }, access)) return;
  const module = moduleFor(access);
  const note = module ? `API tokens need module ${module}.` : "Not available to API tokens.";
  item.description = [item.description, note].filter(Boolean).join(" ");
}
