import { can, moduleFor, type Permission } from "@hallpass/shared";
import { defaultFieldResolver, type GraphQLField, type GraphQLSchema, isObjectType } from "graphql";
import type { RequestContext } from "../context/request-context.js";
import type { PersonCaller, TokenCaller } from "../core/callers.js";
import { RequestError, unauthenticated } from "../core/errors.js";
import type { Access } from "./graphql-types.js";

/** Throws UNAUTHENTICATED or FORBIDDEN, with what is missing. */
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

/** Puts the declared accesses before their resolvers. Throws when a root field declares none. */
export function guardFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(type?.getFields() ?? {})) {
      const { access } = field.extensions as { access?: Access };
      if (!access) throw new Error(`${type?.name}.${field.name} does not declare who may call it: add @Allow.`);
      guard(field, access);
    }
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    const { access } = type.extensions as { access?: Access };
    const ofInterfaces = type.getInterfaces().flatMap((each) => Object.keys(each.getFields()));
    for (const field of Object.values(type.getFields()))
      if (access && !ofInterfaces.includes(field.name)) guard(field, access);
  }
  return schema;
}

function guard(field: GraphQLField<unknown, RequestContext>, access: Access): void {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (root, args, context, info) => {
    assertAllowed(context.caller, access);
    return resolve(root, args, context, info);
  };
}
