import {
  administrators,
  anyone,
  callers,
  finders,
  people,
  readers,
  readersOfBoth,
  signedIn,
  trailFinders,
  trailReaders,
  type Who,
  writers,
} from "./access-table.js";
import type { CallerName, Ids } from "./tenants.js";

// What each field of each type shows to each caller. A type is reached through its doors. Where a door opens, each
// field's rule defines what is seen behind it.

/** `own` has the mark of the caller's account, `both` has those of two accounts, and `plain` needs none. */
export type Seen = "own" | "plain" | "null" | "both" | "FORBIDDEN";

/** A field that differs between callers is requested `alone`. */
export interface Rule {
  sees: Seen | ((caller: CallerName) => Seen);
  alone?: true;
}

const own: Rule = { sees: "own" };
const plain: Rule = { sees: "plain" };
const unset: Rule = { sees: "null" };
/** For the audit trail, which not every reader of tokens may read. */
const trail: Rule = { alone: true, sees: (name) => (trailReaders[name] === "answers" ? "own" : "FORBIDDEN") };
/** For what people have and tokens lack. */
const ofPeople: Rule = { alone: true, sees: (name) => (people[name] === "answers" ? "plain" : "null") };
const ofAdministrators: Rule = { sees: (name) => (administrators[name] === "answers" ? "plain" : "null") };
/** Tokens have no views. Without a caller, there is no viewer. */
const viewsSeen = Object.fromEntries(
  Object.entries(people).map(([name, outcome]) => [name, outcome === "answers" ? "answers" : "nothing"]),
) as Who;
const viewsOfPeople: Rule = { alone: true, sees: (name) => (people[name] === "answers" ? "own" : "plain") };
/** Only a person in two accounts sees both. */
const accountsOfTheCaller: Rule = {
  alone: true,
  sees: (name) => (name === "consultant" || name === "visitor" ? "both" : "own"),
};

export interface Door {
  who: Who;
  /** `…` is replaced by the fields. `$token` and the like are IDs. */
  document: string;
  /** For a mutation, the root field whose arguments it takes. */
  mutation?: string;
}

const door = (who: Who, document: string): Door => ({
  who,
  document: withIds("query", document),
});
const payloadOf = (name: string, who: Who): Door => ({
  who,
  mutation: `Mutation.${name}`,
  document:
    name === "signOut"
      ? "mutation { signOut { … } }"
      : `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { … } }`,
});

const idMutation = (name: string, input: string) => `mutation ($input: ${input}!) { ${name}(input: $input) { … } }`;

const bulkPayloadOf = (name: string, fields = "…"): Door => ({
  who: writers,
  mutation: `Mutation.${name}`,
  document:
    `mutation ($input: Bulk${name === "updateApiTokens" ? "Update" : ""}ApiTokensInput!) ` +
    `{ ${name}(input: $input) { ${fields} } }`,
});

function withIds(kind: "query" | "mutation", document: string): string {
  const ids = [...new Set(document.match(/\$\w+/g))].map((name) => `${name}: ID!`);
  return `${kind} ${ids.length > 0 ? `(${ids.join(", ")}) ` : ""}{ ${document} }`;
}
export type IdName = keyof Ids;

const byToken = "apiToken(id: $token)";
const ofToken = "auditTrail(filter: { objectIds: [$token] })";
const verification = `auditTrailVerification(noted: { sequence: 1, hash: "${"0".repeat(64)}" })`;
const tokenPayload = { apiToken: own, userErrors: plain };
const webhookPayload = { userErrors: plain, webhook: own };
const deliveryPayload = { delivery: plain, userErrors: plain };
const withValue = { ...tokenPayload, value: plain };

export const types: Record<string, { doors: Door[]; fields: Record<string, Rule> }> = {
  Account: {
    doors: [
      door(signedIn, "viewer { account { … } }"),
      door(callers, "node(id: $account) { ... on Account { … } }"),
      door(readers, `${byToken} { account { … } }`),
    ],
    fields: { id: own, name: own, type: plain, modules: own },
  },
  AccountPolicy: {
    doors: [door(readers, "accountPolicy { … }")],
    fields: {
      expiryRequired: plain,
      idleDays: unset,
      ipRangesRequired: plain,
      maxLifetimeDays: unset,
      recentSignInRequired: plain,
      valuesShownOnce: plain,
    },
  },
  Actor: {
    doors: [
      door(readers, `${byToken} { createdBy { … } }`),
      door(readers, "apiToken(id: $child) { createdBy { … } }"),
      door(trailReaders, `${ofToken} { nodes { actor { … } } }`),
    ],
    fields: { id: own, name: own },
  },
  ApiToken: {
    doors: [
      door(readers, `${byToken} { … }`),
      door(finders, "node(id: $token) { ... on ApiToken { … } }"),
      door(finders, "nodes(ids: [$token]) { ... on ApiToken { … } }"),
    ],
    fields: {
      account: own,
      activeDescendantCount: plain,
      auditTrail: trail,
      availableActions: plain,
      createdAt: plain,
      createdBy: own,
      currentValueLastAccessAt: plain,
      description: own,
      endpoint: plain,
      events: own,
      expiresAt: plain,
      iconUrl: own,
      id: own,
      ipRanges: plain,
      lastAccessAt: plain,
      lastAccessIp: plain,
      lastAccessUserAgent: own,
      maskedValue: own,
      moduleCount: plain,
      modules: own,
      name: own,
      previousValueExpiresAt: plain,
      previousValueLastAccessAt: plain,
      rateLimit: plain,
      status: plain,
      usage: { ...plain, alone: true },
      version: plain,
    },
  },
  ApiTokenConnection: {
    doors: [door(readers, "apiTokens { … }")],
    fields: { countUpTo: plain, edges: own, nodes: own, pageInfo: plain, totalCount: plain },
  },
  ApiTokenEdge: { doors: [door(readers, "apiTokens { edges { … } }")], fields: { cursor: plain, node: own } },
  ApiTokenEvent: {
    doors: [door(readers, `${byToken} { events { … } }`)],
    fields: { at: plain, by: own, kind: plain },
  },
  AuditHead: {
    doors: [door(trailReaders, "auditTrailVerification { head { … } }")],
    fields: { hash: plain, keyId: plain, sequence: plain, signature: plain },
  },
  AuditRecord: {
    doors: [
      door(trailReaders, `${ofToken} { nodes { … } }`),
      door(trailFinders, "node(id: $record) { ... on AuditRecord { … } }"),
      door(readersOfBoth, `${byToken} { auditTrail { nodes { … } } }`),
    ],
    fields: {
      actor: own,
      at: plain,
      details: own,
      event: plain,
      id: own,
      ip: plain,
      objectId: own,
      objectName: own,
      sequence: plain,
      summary: own,
      userAgent: own,
    },
  },
  AuditRecordConnection: {
    doors: [door(trailReaders, `${ofToken} { … }`), door(readersOfBoth, `${byToken} { auditTrail { … } }`)],
    fields: { countUpTo: plain, edges: own, nodes: own, pageInfo: plain, totalCount: plain },
  },
  AuditRecordEdge: {
    doors: [door(trailReaders, `${ofToken} { edges { … } }`)],
    fields: { cursor: plain, node: own },
  },
  AuditTrailFault: {
    doors: [door(trailReaders, `${verification} { fault { … } }`)],
    fields: { message: plain, record: own, sequence: plain },
  },
  AuditTrailVerification: {
    doors: [door(trailReaders, `${verification} { … }`)],
    fields: { archivedRecords: plain, fault: plain, head: plain, headSignature: plain, records: plain },
  },
  BulkApiTokenResult: {
    doors: ["enableApiTokens", "disableApiTokens", "updateApiTokens"].map((name) =>
      bulkPayloadOf(name, "results { … }"),
    ),
    fields: { apiToken: own, id: plain, userErrors: plain },
  },
  BulkApiTokensPayload: {
    doors: ["enableApiTokens", "disableApiTokens", "deleteApiTokens", "updateApiTokens"].map((name) =>
      bulkPayloadOf(name),
    ),
    fields: { results: plain, userErrors: plain },
  },
  ChangePasswordPayload: { doors: [payloadOf("changePassword", people)], fields: { userErrors: plain } },
  CreateApiTokenPayload: { doors: [payloadOf("createApiToken", writers)], fields: withValue },
  CreateSavedViewPayload: {
    doors: [payloadOf("createSavedView", people)],
    fields: { savedView: own, userErrors: plain },
  },
  UpdateSavedViewPayload: {
    doors: [payloadOf("updateSavedView", people)],
    fields: { savedView: own, userErrors: plain },
  },
  DeleteSavedViewPayload: {
    doors: [payloadOf("deleteSavedView", people)],
    fields: { deletedId: ofAdministrators, userErrors: plain },
  },
  DeleteApiTokenPayload: {
    doors: [payloadOf("deleteApiToken", writers)],
    fields: { deletedId: plain, disabledDescendants: plain, userErrors: plain },
  },
  DisableApiTokenPayload: {
    doors: [payloadOf("disableApiToken", writers)],
    fields: { ...tokenPayload, disabledDescendants: plain },
  },
  EnableApiTokenPayload: { doors: [payloadOf("enableApiToken", writers)], fields: tokenPayload },
  DeleteWebhookPayload: {
    doors: [{ ...payloadOf("deleteWebhook", administrators), document: idMutation("deleteWebhook", "WebhookIdInput") }],
    fields: { deletedId: plain, userErrors: plain },
  },
  EndSessionsPayload: { doors: [payloadOf("endSessions", people)], fields: { endedIds: plain, userErrors: plain } },
  EndApiTokenRotationPayload: { doors: [payloadOf("endApiTokenRotation", administrators)], fields: tokenPayload },
  FormerActor: {
    doors: [door(readers, "apiToken(id: $former) { createdBy { ... on FormerActor { … } } }")],
    fields: { id: plain, name: own },
  },
  Module: {
    doors: [
      door(callers, "modules { … }"),
      door(signedIn, "viewer { modules { … } }"),
      door(callers, "node(id: $module) { ... on Module { … } }"),
      door(readers, `${byToken} { modules { … } }`),
    ],
    fields: { description: own, id: own, name: own },
  },
  Node: { doors: [door(finders, "node(id: $token) { … }")], fields: { id: own } },
  PageInfo: {
    doors: [
      door(readers, "apiTokens(first: 1) { pageInfo { … } }"),
      door(trailReaders, "auditTrail(first: 1) { pageInfo { … } }"),
    ],
    fields: { endCursor: plain, hasNextPage: plain, hasPreviousPage: plain, startCursor: plain },
  },
  RateLimit: {
    doors: [door(readers, `${byToken} { rateLimit { … } }`)],
    fields: { perSeconds: plain, requests: plain },
  },
  RevealApiTokenPayload: {
    doors: [payloadOf("revealApiToken", administrators)],
    fields: { userErrors: plain, value: plain },
  },
  RotateApiTokenPayload: { doors: [payloadOf("rotateApiToken", administrators)], fields: withValue },
  Session: {
    doors: [door(viewsSeen, "viewer { sessions { … } }")],
    fields: { createdAt: plain, id: plain, ip: plain, isCurrent: plain, lastSeenAt: plain, userAgent: plain },
  },
  SignInPayload: { doors: [payloadOf("signIn", anyone)], fields: { userErrors: plain, viewer: own } },
  SavedView: {
    doors: [door(viewsSeen, "viewer { savedViews { … } }")],
    fields: { id: own, isDefault: plain, list: plain, name: own, query: own, shared: plain },
  },
  SignOutPayload: { doors: [payloadOf("signOut", anyone)], fields: { userErrors: plain } },
  SwitchAccountPayload: { doors: [payloadOf("switchAccount", people)], fields: { userErrors: plain, viewer: own } },
  UpdateAccountPolicyPayload: {
    doors: [payloadOf("updateAccountPolicy", administrators)],
    fields: { policy: plain, userErrors: plain },
  },
  UpdateApiTokenPayload: { doors: [payloadOf("updateApiToken", writers)], fields: tokenPayload },
  UsageDay: {
    doors: [door(readers, `${byToken} { usage(days: 1) { … } }`)],
    fields: { allowed: plain, day: plain, denied: plain },
  },
  User: {
    doors: [
      door(readers, "users { … }"),
      door(finders, "node(id: $user) { ... on User { … } }"),
      door(readers, `${byToken} { createdBy { ... on User { … } } }`),
      // Users, like tokens, also need Access management.
      door(readersOfBoth, `${ofToken} { nodes { actor { ... on User { … } } } }`),
    ],
    fields: { email: own, id: own, name: own },
  },
  UserError: {
    doors: [
      { who: writers, document: 'mutation { enableApiToken(input: { id: "TKN-0000-0000" }) { userErrors { … } } }' },
    ],
    fields: { code: plain, field: plain, message: plain },
  },
  Viewer: {
    doors: [door(signedIn, "viewer { … }")],
    fields: {
      account: own,
      accounts: accountsOfTheCaller,
      actor: plain,
      authenticatedAt: ofPeople,
      hasPassword: plain,
      modules: own,
      role: ofPeople,
      savedViews: viewsOfPeople,
      sessions: plain,
    },
  },
  Webhook: {
    doors: [door(people, "webhooks { … }")],
    fields: { createdAt: plain, deliveries: plain, enabled: plain, events: plain, id: own, url: own },
  },
  WebhookDelivery: {
    doors: [door(people, "webhooks { deliveries { … } }")],
    fields: {
      attempts: plain,
      createdAt: plain,
      event: plain,
      id: own,
      lastAttemptAt: plain,
      messageId: own,
      nextAttemptAt: unset,
      response: plain,
      responseStatus: plain,
      status: plain,
    },
  },
  WebhookDeliveryPayload: {
    doors: [
      { ...payloadOf("testWebhook", administrators), document: idMutation("testWebhook", "WebhookIdInput") },
      {
        ...payloadOf("resendWebhookDelivery", administrators),
        document: idMutation("resendWebhookDelivery", "WebhookDeliveryIdInput"),
      },
    ],
    fields: deliveryPayload,
  },
  WebhookPayload: { doors: [payloadOf("updateWebhook", administrators)], fields: webhookPayload },
  WebhookSecretPayload: {
    doors: [
      payloadOf("createWebhook", administrators),
      {
        ...payloadOf("rotateWebhookSecret", administrators),
        document: idMutation("rotateWebhookSecret", "WebhookIdInput"),
      },
    ],
    // A new webhook has nothing of the account's yet.
    fields: { ...webhookPayload, webhook: plain, secret: plain },
  },
};
