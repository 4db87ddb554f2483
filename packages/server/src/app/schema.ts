import "reflect-metadata";
import { type GraphQLSchema, lexicographicSortSchema } from "graphql";
import { buildSchemaSync } from "type-graphql";
import { AccountsResolver } from "../features/accounts/accounts.resolver.js";
import {
  ApiTokenConnectionResolver,
  ApiTokenEventResolver,
  ApiTokenFieldsResolver,
} from "../features/api-tokens/api-token-fields.resolver.js";
import { ApiTokensResolver } from "../features/api-tokens/api-tokens.resolver.js";
import {
  ApiTokenAuditTrailResolver,
  AuditRecordConnectionResolver,
  AuditTrailFaultResolver,
  AuditTrailResolver,
} from "../features/audit-trail/audit-trail.resolver.js";
import { NodesResolver } from "../features/nodes/nodes.resolver.js";
import { PolicyResolver } from "../features/policy/policy.resolver.js";
import { ProfileResolver } from "../features/profile/profile.resolver.js";
import { SavedViewsResolver } from "../features/saved-views/saved-views.resolver.js";
import { SessionsResolver } from "../features/sessions/sessions.resolver.js";
import { UsageResolver } from "../features/usage/usage.resolver.js";
import { UsersResolver } from "../features/users/users.resolver.js";
import { ViewerResolver } from "../features/viewer/viewer.resolver.js";
import { WebhooksResolver } from "../features/webhooks/webhooks.resolver.js";
import { guardFields } from "../graphql/allow.js";
import { DateTime, FormerActorType } from "../graphql/graphql-types.js";
import { chargeLists } from "../graphql/list-budget.js";

/**
 * Builds the schema. Root fields, and types that declare a permission, are guarded by it. Lists are charged for their
 * rows.
 */
export function createSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      AccountsResolver,
      ApiTokenAuditTrailResolver,
      ApiTokenConnectionResolver,
      ApiTokenEventResolver,
      ApiTokenFieldsResolver,
      ApiTokensResolver,
      AuditRecordConnectionResolver,
      AuditTrailFaultResolver,
      AuditTrailResolver,
      NodesResolver,
      PolicyResolver,
      ProfileResolver,
      SavedViewsResolver,
      SessionsResolver,
      UsageResolver,
      UsersResolver,
      ViewerResolver,
      WebhooksResolver,
    ],
    orphanedTypes: [FormerActorType],
    scalarsMap: [{ type: Date, scalar: DateTime }],
    // zod validates inputs in the service functions, with messages for people.
    validate: false,
  });
  return guardFields(chargeLists(lexicographicSortSchema(schema)));
}
