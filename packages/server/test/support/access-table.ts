import { randomUUID } from "node:crypto";
import { type CallerName, callerNames, type Tenant } from "./tenants.js";

// Who may call what: one row for each root field.

/** `nothing` is null or an empty list, `INVALID` an error in the input. */
export type Outcome = "answers" | "nothing" | "UNAUTHENTICATED" | "FORBIDDEN" | "INVALID" | "WRONG_CREDENTIALS";
export type Who = Record<CallerName, Outcome>;

const but = (who: Who, outcome: Outcome, ...names: CallerName[]): Who =>
  ({ ...who, ...Object.fromEntries(names.map((name) => [name, outcome])) }) as Who;

const tokens = ["tokenWithAccess", "tokenWithAudit", "tokenWithBoth", "tokenWithNeither"] as const;
const withoutAccess = ["tokenWithAudit", "tokenWithNeither"] as const;
const withoutAudit = ["tokenWithAccess", "tokenWithNeither"] as const;
const auditors = ["auditor", "visitor"] as const;
const persons = ["admin", "consultant", "operator", ...auditors] as const;

export const anyone = Object.fromEntries(callerNames.map((name) => [name, "answers"])) as Who;
export const callers = but(anyone, "UNAUTHENTICATED", "nobody");
export const readers = but(callers, "FORBIDDEN", ...withoutAccess);
export const writers = but(readers, "FORBIDDEN", ...auditors);
/** For reveals and, as a token rotates only itself, rotations. */
export const administrators = but(writers, "FORBIDDEN", ...tokens);
export const trailReaders = but(callers, "FORBIDDEN", ...withoutAudit);
export const readersOfBoth = but(readers, "FORBIDDEN", ...withoutAudit);
export const people = but(callers, "FORBIDDEN", ...tokens);

/** For `viewer` and `node`, which hide what the caller may not see. */
export const signedIn = but(anyone, "nothing", "nobody");
export const finders = but(callers, "nothing", ...withoutAccess);
export const trailFinders = but(callers, "nothing", ...withoutAudit);

export interface RootRow {
  who: Who;
  /** Valid arguments, recreated for each call. */
  variables(own: Tenant): Promise<Record<string, unknown>> | Record<string, unknown>;
}

const none = () => ({});
const onNew =
  (status: "ACTIVE" | "DISABLED", more: object = {}) =>
  async (own: Tenant) => {
    const { id } = await own.createToken();
    if (status === "DISABLED") await own.disableByToken(id);
    return { input: { id, ...more } };
  };

const onMany =
  (status: "ACTIVE" | "DISABLED", more: object = {}) =>
  async (own: Tenant) => {
    const { id, ...rest } = (await onNew(status, more)(own)).input;
    return { input: { ids: [id], ...rest } };
  };

const newView = (mark: string) => ({ list: "API_TOKENS", name: `${mark} ${randomUUID()}`, query: `q=${mark}` });

const newWebhook = { url: "https://127.0.0.1:1/hooks", events: ["api_token.disabled"] };

/** A new webhook instead of those of earlier calls, of which an account can only have ten. */
const onNewWebhook = async ({ admin, ids }: Tenant) => {
  await removeWebhooks(admin, ids.webhook);
  const { webhook } = await admin.mutate("createWebhook", newWebhook);
  return { input: { id: webhook.id } };
};

async function removeWebhooks(admin: Tenant["admin"], but: string): Promise<void> {
  const { webhooks } = await admin.data("{ webhooks { id } }");
  for (const { id } of webhooks) if (id !== but) await admin.mutate("deleteWebhook", { id });
}

const onOwnWebhook =
  (more: object = {}) =>
  ({ ids }: Tenant) => ({ input: { id: ids.webhook, ...more } });

/** A new view, shared in the account. */
const onNewView =
  (more: object = {}) =>
  async ({ admin, mark }: Tenant) => {
    const { savedView } = await admin.mutate("createSavedView", { ...newView(mark), shared: true });
    return { input: { id: savedView.id, ...more } };
  };

export const rootFields: Record<string, RootRow> = {
  "Query.viewer": { who: anyone, variables: none },
  "Query.node": { who: callers, variables: ({ ids }) => ({ id: ids.account }) },
  "Query.nodes": { who: callers, variables: ({ ids }) => ({ ids: [ids.account, ids.module] }) },
  "Query.apiToken": { who: readers, variables: ({ ids }) => ({ id: ids.token }) },
  "Query.apiTokens": { who: readers, variables: none },
  "Query.modules": { who: callers, variables: none },
  "Query.users": { who: readers, variables: none },
  "Query.auditTrail": {
    who: trailReaders,
    variables: () => ({ orderBy: { field: "AT", direction: "DESC" } }),
  },
  "Query.auditTrailVerification": { who: trailReaders, variables: none },
  "Mutation.signIn": { who: anyone, variables: ({ email, password }) => ({ input: { email, password } }) },
  "Mutation.signOut": { who: anyone, variables: none },
  "Mutation.switchAccount": { who: people, variables: ({ ids }) => ({ input: { accountId: ids.account } }) },
  "Query.signInMethods": { who: anyone, variables: none },
  "Query.accountPolicy": { who: readers, variables: none },
  "Mutation.updateAccountPolicy": {
    who: administrators,
    variables: () => ({ input: { recentSignInRequired: true } }),
  },
  "Query.webhooks": { who: people, variables: none },
  "Mutation.createWebhook": {
    who: administrators,
    variables: async ({ admin, ids }) => {
      await removeWebhooks(admin, ids.webhook);
      return { input: newWebhook };
    },
  },
  "Mutation.updateWebhook": { who: administrators, variables: onOwnWebhook({ enabled: true }) },
  "Mutation.deleteWebhook": { who: administrators, variables: onNewWebhook },
  "Mutation.rotateWebhookSecret": { who: administrators, variables: onOwnWebhook() },
  "Mutation.testWebhook": { who: administrators, variables: onOwnWebhook() },
  "Mutation.resendWebhookDelivery": {
    who: administrators,
    variables: async ({ ids }) => ({ input: { id: ids.delivery } }),
  },
  "Mutation.endSessions": { who: people, variables: () => ({ input: { ids: ["0".repeat(64)] } }) },
  // With a wrong password, as the callers are still needed.
  "Mutation.changePassword": {
    who: but(people, "WRONG_CREDENTIALS", ...persons),
    variables: () => ({ input: { currentPassword: "a wrong password", newPassword: "another password" } }),
  },
  "Mutation.createSavedView": { who: people, variables: ({ mark }) => ({ input: newView(mark) }) },
  "Mutation.updateSavedView": { who: people, variables: onNewView({ isDefault: true }) },
  "Mutation.deleteSavedView": { who: but(people, "INVALID", ...auditors), variables: onNewView() },
  "Mutation.createApiToken": {
    who: writers,
    variables: ({ ids, mark }) => ({ input: { name: `New ${mark}`, moduleIds: [ids.module] } }),
  },
  "Mutation.updateApiToken": {
    who: writers,
    variables: async (own) => onNew("ACTIVE", { name: `Renamed ${own.mark}` })(own),
  },
  "Mutation.enableApiToken": { who: writers, variables: onNew("DISABLED") },
  "Mutation.disableApiToken": { who: writers, variables: onNew("ACTIVE") },
  "Mutation.deleteApiToken": { who: writers, variables: onNew("ACTIVE") },
  "Mutation.enableApiTokens": { who: writers, variables: onMany("DISABLED") },
  "Mutation.disableApiTokens": { who: writers, variables: onMany("ACTIVE") },
  "Mutation.deleteApiTokens": { who: writers, variables: onMany("ACTIVE") },
  "Mutation.updateApiTokens": { who: writers, variables: onMany("ACTIVE", { rateLimit: null, ipRanges: [] }) },
  "Mutation.revealApiToken": { who: administrators, variables: onNew("ACTIVE", { purpose: "SHOW" }) },
  "Mutation.rotateApiToken": { who: administrators, variables: onNew("ACTIVE", { overlapSeconds: 60 }) },
  "Mutation.endApiTokenRotation": {
    who: administrators,
    variables: async (own) => {
      const { input } = await onNew("ACTIVE")(own);
      await own.admin.mutate("rotateApiToken", input);
      return { input };
    },
  },
};
