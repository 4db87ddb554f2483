import type { Tenant } from "./tenants.js";

// Test values for each argument: everything of another account that anyone could guess or find out.

type Values = (theirs: Tenant) => unknown[];

const token: Values = ({ ids }) => [ids.token, ids.deleted];
const texts: Values = ({ mark, token: { id, value } }) => [mark, id, value];
/** The two lists in their default order. The others have their own tests. */
const newestFirst = ["apiTokens(orderBy: { field: CREATED_AT, direction: DESC }", "auditTrail(filter: {}"];
const cursors: Values = (theirs) => newestFirst.map((list) => theirs.cursors[list]);
const dates: Values = () => ["1970-01-01T00:00:00.000Z", "2098-12-31T23:59:59.999Z"];
const ranges: Values = () => ["2999-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z"];
const filters: Values = ({ mark, ids }) => [[{ search: mark }], [{ createdByIds: [ids.user] }, {}]];

/** By type and field for inputs, otherwise by field and argument or by the argument alone. */
export const argumentValues: Record<string, Values> = {
  "(after)": cursors,
  "(before)": cursors,
  "(first)": () => [1, 100],
  "(last)": () => [1, 100],
  "(offset)": () => [0, 1, 5_000],
  "ApiToken.usage(days)": () => [1, 90],
  "Query.apiToken(id)": token,
  "Query.node(id)": ({ ids }) => Object.values(ids),
  "Query.nodes(ids)": ({ ids }) => [Object.values(ids)],
  "ApiTokenFilter.and": filters,
  "ApiTokenFilter.or": filters,
  "ApiTokenFilter.not": () => [{ search: "what nobody has" }, { status: [] }],
  "ApiTokenFilter.search": texts,
  "ApiTokenFilter.status": () => [["ACTIVE", "DISABLED"], ["DELETED"], ["ACTIVE", "DISABLED", "DELETED"]],
  "ApiTokenFilter.moduleIds": ({ ids }) => [[ids.module]],
  "ApiTokenFilter.createdByIds": ({ ids }) => [[ids.user, ids.token]],
  "ApiTokenFilter.neverUsed": () => [true, false],
  "ApiTokenFilter.noExpiry": () => [true, false],
  "ApiTokenOrder.field": () => [
    ...["NAME", "ID", "STATUS", "CREATED_BY", "CREATED_AT", "LAST_ACCESS_AT", "EXPIRES_AT", "MODULE_COUNT"],
  ],
  "ApiTokenOrder.direction": () => ["ASC", "DESC"],
  "StringFilter.equals": ({ token: { name } }) => [name],
  "StringFilter.contains": texts,
  "StringFilter.startsWith": ({ token: { name } }) => [name],
  "DateTimeRange.from": dates,
  "DateTimeRange.to": ranges,
  "AuditRecordOrder.field": () => ["AT"],
  "AuditRecordOrder.direction": () => ["ASC", "DESC"],
  "AuditRecordFilter.objectIds": ({ ids }) => [Object.values(ids)],
  "AuditRecordFilter.actorIds": ({ ids }) => [[ids.user, ids.token]],
  "AuditRecordFilter.events": () => [["api_token.created", "user.signed_in"]],
  "AuditHeadInput.sequence": () => [0, 1, 5],
  "AuditHeadInput.hash": () => ["0".repeat(64), ""],
  "AuditHeadInput.signature": () => ["0".repeat(64), "", null],
  "AuditHeadInput.keyId": () => ["test", "", null],
  "SignInInput.email": ({ email }) => [email],
  "SignInInput.password": ({ password }) => [password],
  "SwitchAccountInput.accountId": ({ ids }) => [ids.account],
  "CreateSavedViewInput.list": () => ["API_TOKENS", "AUDIT_TRAIL"],
  "CreateSavedViewInput.name": texts,
  "CreateSavedViewInput.query": texts,
  "CreateSavedViewInput.shared": () => [true, false, null],
  "UpdateSavedViewInput.id": ({ ids }) => [ids.view],
  "UpdateSavedViewInput.name": texts,
  "UpdateSavedViewInput.query": texts,
  "UpdateSavedViewInput.shared": () => [true, false, null],
  "UpdateSavedViewInput.isDefault": () => [true, false, null],
  "DeleteSavedViewInput.id": ({ ids }) => [ids.view],
  "CreateApiTokenInput.name": texts,
  "CreateApiTokenInput.description": texts,
  "CreateApiTokenInput.moduleIds": ({ ids }) => [[ids.module]],
  "CreateApiTokenInput.icon": () => ["data:image/png;base64,AAAA", null],
  "CreateApiTokenInput.expiresAt": () => ["2099-01-01T00:00:00.000Z"],
  "CreateApiTokenInput.idempotencyKey": ({ mark }) => [mark],
  "UpdateApiTokenInput.id": token,
  "UpdateApiTokenInput.version": () => [1, 2, 3],
  "UpdateApiTokenInput.name": texts,
  "UpdateApiTokenInput.description": texts,
  "UpdateApiTokenInput.moduleIds": ({ ids }) => [[ids.module]],
  "UpdateApiTokenInput.icon": () => ["data:image/png;base64,AAAA", null],
  "UpdateApiTokenInput.expiresAt": () => ["2099-01-01T00:00:00.000Z"],
  "CreateApiTokenInput.ipRanges": () => [["203.0.113.0/24"], [], null],
  "UpdateApiTokenInput.ipRanges": () => [["203.0.113.0/24"], [], null],
  "RateLimitInput.requests": () => [1, 1_000_000],
  "RateLimitInput.perSeconds": () => [1, 86_400],
  "BulkApiTokensInput.ids": (theirs) => token(theirs).map((id) => [id]),
  "BulkUpdateApiTokensInput.ids": (theirs) => token(theirs).map((id) => [id]),
  "BulkUpdateApiTokensInput.expiresAt": () => ["2099-01-01T00:00:00.000Z", null],
  "BulkUpdateApiTokensInput.ipRanges": () => [["203.0.113.0/24"], [], null],
  "EnableApiTokenInput.id": token,
  "DisableApiTokenInput.id": token,
  "DisableApiTokenInput.includeDescendants": () => [true, false],
  "DeleteApiTokenInput.id": token,
  "DeleteApiTokenInput.includeDescendants": () => [true, false],
  "RevealApiTokenInput.id": token,
  "RevealApiTokenInput.purpose": () => ["SHOW", "COPY"],
  "RotateApiTokenInput.id": token,
  "RotateApiTokenInput.overlapSeconds": () => [0, 604_800],
  "RotateApiTokenInput.version": () => [1, 2],
  "EndApiTokenRotationInput.id": token,
};
