import { createApiTokenInput, createSavedViewInput, updateApiTokenInput, userErrorsOf } from "@hallpass/shared";
import { GraphQLError } from "graphql";
import { makeToken } from "./factories";
import {
  type FakePolicy,
  type FakeSavedView,
  type FakeState,
  type FakeWebhook,
  moveToken,
  recordEvent,
} from "./fake-state";
import {
  connection,
  descendantsOf,
  listTokens,
  type Page,
  type TokenFilter,
  type TokenOrder,
  tokenView,
} from "./fake-tokens";

type Args = Record<string, never>;
interface WithDescendants {
  input: { id: string; includeDescendants: boolean };
}
interface WithIds {
  input: { ids: string[] };
}
interface WithId {
  input: { id: string };
}

/** Root resolvers for one account, for graphql-js. They return what the contract promises and no more. */
export function makeResolvers(state: FakeState, accountId: string) {
  const guarded =
    <A, R>(resolve: (args: A) => R) =>
    (args: A): R => {
      if (!state.signedIn) {
        throw new GraphQLError("Sign in first.", { extensions: { code: "UNAUTHENTICATED" } });
      }
      return resolve(args);
    };
  return {
    ...queries(state, accountId, guarded),
    ...sessionMutations(state, guarded),
    ...tokenMutations(state, accountId, guarded),
    ...viewMutations(state, guarded),
    ...webhookMutations(state, guarded),
  };
}

type Guard = <A, R>(resolve: (args: A) => R) => (args: A) => R;

function queries(state: FakeState, accountId: string, guarded: Guard) {
  const find = ({ id }: { id: string }) => {
    const token = state.tokens.find((each) => each.id === id && each.accountId === accountId);
    const visible = token && (token.status !== "DELETED" || account(state, accountId)?.type === "OPERATIONS");
    return visible ? tokenView(state, token) : null;
  };
  return {
    viewer: () => viewer(state, accountId),
    signInMethods: () => state.signInMethods,
    webhooks: guarded(() => state.webhooks.map(webhookView)),
    accountPolicy: guarded(() => state.policy),
    apiToken: guarded(find),
    node: guarded((args: { id: string }) => find(args) ?? state.auditRecords.find(({ id }) => id === args.id) ?? null),
    apiTokens: guarded((args: Page & { filter?: TokenFilter; orderBy?: TokenOrder[] }) =>
      connection(
        listTokens(state, accountId, args.filter ?? {}, args.orderBy ?? []).map((token) => tokenView(state, token)),
        args,
      ),
    ),
    nodes: guarded(({ ids }: { ids: string[] }) => ids.map((id) => find({ id }))),
    modules: guarded(() => state.modules),
    users: guarded(() => state.people),
    auditTrail: guarded(
      (
        args: Page & {
          filter?: { objectIds?: string[]; actorIds?: string[]; events?: string[] };
          orderBy?: { direction: "ASC" | "DESC" };
        },
      ) => {
        const { objectIds, actorIds, events } = args.filter ?? {};
        const records = state.auditRecords.filter(
          ({ objectId, actor, event }) =>
            (!objectIds || objectIds.includes(objectId)) &&
            (!actorIds || actorIds.includes(actor?.id ?? "")) &&
            (!events || events.includes(event)),
        );
        return connection(args.orderBy?.direction === "ASC" ? records : records.toReversed(), args);
      },
    ),
    auditTrailVerification: guarded(() => {
      const { auditRecords, archivedRecords, auditFault, headSignature } = state;
      const record = auditRecords.find(({ sequence }) => sequence === auditFault?.sequence) ?? null;
      return {
        records: auditRecords.length - archivedRecords,
        archivedRecords,
        head: { sequence: auditRecords.length, hash: headHash, keyId: "k1", signature: headHash },
        headSignature,
        fault: auditFault && { ...auditFault, record },
      };
    }),
  };
}

/** Hash of the fake trail’s newest record. */
export const headHash = "0a".repeat(32);

function sessionMutations(state: FakeState, guarded: Guard) {
  return {
    signIn: ({ input }: { input: { email: string; password: string } }) => {
      const person = state.people.find(({ email }) => email === input.email);
      if (!person || input.password !== state.password) {
        return fault("WRONG_CREDENTIALS", "The email address or password is incorrect.");
      }
      Object.assign(state, { signedIn: true, isRecent: true, person });
      return { viewer: viewer(state, state.accountId), userErrors: [] };
    },
    signOut: guarded(() => {
      state.signedIn = false;
      return { userErrors: [] };
    }),
    updateAccountPolicy: guarded(({ input }: { input: Partial<FakePolicy> }) => {
      requireRecentSignIn(state);
      state.policy = { ...state.policy, ...input };
      return { policy: state.policy, userErrors: [] };
    }),
    endSessions: guarded(({ input }: WithIds) => {
      const ended = state.sessions.filter(({ id }) => input.ids.includes(id));
      state.sessions = state.sessions.filter((session) => !ended.includes(session));
      return { endedIds: ended.map(({ id }) => id), userErrors: [] };
    }),
    changePassword: guarded(({ input }: { input: { currentPassword: string; newPassword: string } }) => {
      if (input.currentPassword !== state.password)
        return fault("WRONG_CREDENTIALS", "The current password is incorrect.", ["currentPassword"]);
      state.password = input.newPassword;
      state.sessions = state.sessions.filter(({ isCurrent }) => isCurrent);
      return { userErrors: [] };
    }),
    switchAccount: guarded(({ input }: { input: { accountId: string } }) => {
      if (!state.accounts.some(({ id }) => id === input.accountId)) return fault("NOT_FOUND", "No such account.");
      state.accountId = input.accountId;
      return { viewer: viewer(state, state.accountId), userErrors: [] };
    }),
  };
}

function tokenMutations(state: FakeState, accountId: string, guarded: Guard) {
  const change = (id: string, changes: Parameters<typeof moveToken>[2], event: string) => {
    const token = moveToken(state, id, changes, event);
    return token ? { apiToken: tokenView(state, token), userErrors: [] } : fault("NOT_FOUND", "No such API token.");
  };
  const bulk = ({ input }: WithIds, changes: Parameters<typeof moveToken>[2], event: string) => ({
    results: input.ids.map((id) => {
      const before = state.tokens.find((each) => each.id === id)?.status;
      if (changes.status === "DISABLED" && before === "DISABLED")
        return { id, ...fault("ILLEGAL_TRANSITION", "The token is already disabled.") };
      const token = moveToken(state, id, changes, event);
      if (!token) return { id, ...fault("NOT_FOUND", "No such API token.") };
      return { id, apiToken: token.status === "DELETED" ? null : tokenView(state, token), userErrors: [] };
    }),
    userErrors: [],
  });
  const disableDescendants = ({ id, includeDescendants }: WithDescendants["input"]) => {
    const token = state.tokens.find((each) => each.id === id);
    if (!token || !includeDescendants) return [];
    return descendantsOf(state, token)
      .filter(({ status }) => status === "ACTIVE")
      .map((each) => {
        moveToken(state, each.id, { status: "DISABLED" }, "api_token.disabled");
        return tokenView(state, each);
      });
  };
  return {
    createApiToken: guarded(({ input }: { input: Args }) => {
      const parsed = createApiTokenInput.safeParse(withDate(input));
      if (!parsed.success) return { userErrors: userErrorsOf(parsed.error) };
      const { name, description = null, moduleIds, expiresAt, ipRanges, rateLimit, idempotencyKey } = parsed.data;
      const before = state.tokens.find((token) => idempotencyKey && token.idempotencyKey === idempotencyKey);
      if (before && before.requested !== JSON.stringify(input)) {
        return fault("INVALID", "This idempotency key was used for another request.", ["idempotencyKey"]);
      }
      if (before) return { apiToken: tokenView(state, before), value: before.value, userErrors: [] };
      const token = makeToken(9000 + state.tokens.length, {
        name,
        description,
        modules: state.modules.filter(({ id }) => moduleIds.includes(id)),
        accountId,
        createdAt: new Date().toISOString(),
        lastAccessAt: null,
        lastAccessIp: null,
        lastAccessUserAgent: null,
        createdBy: state.person,
        expiresAt: expiresAt?.toISOString() ?? null,
        ipRanges: ipRanges ?? [],
        rateLimit: rateLimit ?? null,
        ...(idempotencyKey && { idempotencyKey, requested: JSON.stringify(input) }),
      });
      state.tokens.push(token);
      recordEvent(state, "api_token.created", token);
      return { apiToken: tokenView(state, token), value: token.value, userErrors: [] };
    }),
    updateApiToken: guarded(({ input }: { input: Args & { id: string; version?: number } }) => {
      const parsed = updateApiTokenInput.safeParse(withDate(input));
      if (!parsed.success) return { userErrors: userErrorsOf(parsed.error) };
      const { id, version, moduleIds, name, description, expiresAt, ipRanges, rateLimit } = parsed.data;
      const known = state.tokens.find((token) => token.id === id);
      if (known && typeof version === "number" && version !== known.version) {
        return fault("VERSION_CONFLICT", "Someone else changed this token meanwhile.");
      }
      const changes = {
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...(expiresAt !== undefined && { expiresAt: expiresAt?.toISOString() ?? null }),
        ...(ipRanges !== undefined && { ipRanges }),
        ...(rateLimit !== undefined && { rateLimit }),
        ...(moduleIds && { modules: state.modules.filter((module) => moduleIds.includes(module.id)) }),
      };
      return change(id, changes, "api_token.updated");
    }),
    enableApiTokens: guarded((args: WithIds) => bulk(args, { status: "ACTIVE" }, "api_token.enabled")),
    disableApiTokens: guarded((args: WithIds) => bulk(args, { status: "DISABLED" }, "api_token.disabled")),
    deleteApiTokens: guarded((args: WithIds) => bulk(args, { status: "DELETED" }, "api_token.deleted")),
    updateApiTokens: guarded((args: WithIds & { input: { expiresAt?: Date | null } }) =>
      bulk(args, { expiresAt: args.input.expiresAt?.toString() ?? null }, "api_token.updated"),
    ),
    enableApiToken: guarded(({ input }: WithId) => change(input.id, { status: "ACTIVE" }, "api_token.enabled")),
    disableApiToken: guarded(({ input }: WithDescendants) => ({
      ...change(input.id, { status: "DISABLED" }, "api_token.disabled"),
      disabledDescendants: disableDescendants(input),
    })),
    deleteApiToken: guarded(({ input }: WithDescendants) => {
      const disabledDescendants = disableDescendants(input);
      const token = moveToken(state, input.id, { status: "DELETED" }, "api_token.deleted");
      return token
        ? { deletedId: token.id, disabledDescendants, userErrors: [] }
        : fault("NOT_FOUND", "No such API token.");
    }),
    rotateApiToken: guarded(({ input }: { input: { id: string; overlapSeconds: number } }) => {
      const now = Date.now();
      const before = state.tokens.find(({ id }) => id === input.id);
      const changes = {
        value: `${before?.value.slice(0, -6)}${String(now).slice(-6)}`,
        rotatedAt: new Date(now).toISOString(),
        previousValueExpiresAt:
          input.overlapSeconds > 0 ? new Date(now + input.overlapSeconds * 1000).toISOString() : null,
        previousValueLastAccessAt: input.overlapSeconds > 0 ? (before?.lastAccessAt ?? null) : null,
        currentValueLastAccessAt: null,
      };
      const token = moveToken(state, input.id, changes, "api_token.rotated");
      return token
        ? { apiToken: tokenView(state, token), value: token.value, userErrors: [] }
        : fault("NOT_FOUND", "No such API token.");
    }),
    endApiTokenRotation: guarded(({ input }: WithId) => {
      const token = state.tokens.find(({ id }) => id === input.id);
      if (token && !token.previousValueExpiresAt) {
        return fault("ILLEGAL_TRANSITION", "The token has no previous value.");
      }
      const changes = { previousValueExpiresAt: null, previousValueLastAccessAt: null };
      return change(input.id, changes, "api_token.rotation_ended");
    }),
    revealApiToken: guarded(({ input }: WithId) => {
      requireRecentSignIn(state);
      const token = moveToken(state, input.id, {}, "api_token.revealed");
      return token ? { value: token.value, userErrors: [] } : fault("NOT_FOUND", "No such API token.");
    }),
  };
}

const webhookView = (webhook: FakeWebhook) => ({
  __typename: "Webhook",
  ...webhook,
  deliveries: webhook.deliveries.map((delivery) => ({ __typename: "WebhookDelivery", ...delivery })),
});

function webhookMutations(state: FakeState, guarded: Guard) {
  const find = (id: string) => state.webhooks.find((webhook) => webhook.id === id);
  const deliveriesOf = () => state.webhooks.flatMap(({ deliveries }) => deliveries);
  return {
    createWebhook: guarded(({ input }: { input: { url: string; events: string[] } }) => {
      if (!input.url.startsWith("https:")) return fault("INVALID", "Enter an https URL.", ["url"]);
      const id = `webhook-${state.webhooks.length + 1}`;
      const webhook = { id, ...input, enabled: true, createdAt: new Date().toISOString(), deliveries: [] };
      state.webhooks.push(webhook);
      return { webhook: webhookView(webhook), secret: "whsec_first", userErrors: [] };
    }),
    updateWebhook: guarded(({ input }: { input: Partial<FakeWebhook> & { id: string } }) => {
      const webhook = find(input.id);
      if (!webhook) return fault("NOT_FOUND", "Webhook not found.");
      return { webhook: webhookView(Object.assign(webhook, input)), userErrors: [] };
    }),
    deleteWebhook: guarded(({ input }: WithId) => {
      state.webhooks = state.webhooks.filter(({ id }) => id !== input.id);
      return { deletedId: input.id, userErrors: [] };
    }),
    rotateWebhookSecret: guarded(() => ({ secret: "whsec_second", userErrors: [] })),
    testWebhook: guarded(() => ({
      delivery: { id: "test", status: "FAILED", responseStatus: null, response: "connect ECONNREFUSED" },
      userErrors: [],
    })),
    resendWebhookDelivery: guarded(({ input }: WithId) => {
      const delivery = deliveriesOf().find(({ id }) => id === input.id);
      if (!delivery) return fault("NOT_FOUND", "Delivery not found.");
      return { delivery: Object.assign(delivery, { status: "PENDING", attempts: 0 }), userErrors: [] };
    }),
  };
}

function viewMutations(state: FakeState, guarded: Guard) {
  const isTaken = (name: string, except?: string) =>
    state.savedViews.some((view) => view.id !== except && view.name === name);
  const sameName = () => fault("INVALID", "A view with this name already exists.", ["name"]);
  return {
    createSavedView: guarded(({ input }: { input: Omit<FakeSavedView, "id" | "isDefault"> }) => {
      const parsed = createSavedViewInput.safeParse(input);
      if (!parsed.success) return { userErrors: userErrorsOf(parsed.error) };
      if (isTaken(parsed.data.name)) return sameName();
      const { name, query, shared } = parsed.data;
      const id = `view ${state.savedViews.length + 1}`;
      const savedView = { id, list: input.list, name, query, shared: Boolean(shared), isDefault: false };
      state.savedViews.push(savedView);
      return { savedView, userErrors: [] };
    }),
    updateSavedView: guarded(({ input }: { input: Partial<FakeSavedView> & { id: string } }) => {
      const view = state.savedViews.find(({ id }) => id === input.id);
      if (!view) return fault("NOT_FOUND", "View not found.", ["id"]);
      if (input.name && isTaken(input.name, view.id)) return sameName();
      if (input.isDefault) for (const other of state.savedViews) other.isDefault &&= other.list !== view.list;
      return { savedView: Object.assign(view, input), userErrors: [] };
    }),
    deleteSavedView: guarded(({ input }: WithId) => {
      state.savedViews = state.savedViews.filter(({ id }) => id !== input.id);
      return { deletedId: input.id, userErrors: [] };
    }),
  };
}

function account(state: FakeState, accountId: string) {
  return state.accounts.find(({ id }) => id === accountId);
}

function requireRecentSignIn({ policy, isRecent }: FakeState) {
  if (policy.recentSignInRequired && !isRecent)
    throw new GraphQLError("Sign in again.", { extensions: { code: "FORBIDDEN", recentSignInRequired: true } });
}

function viewer(state: FakeState, accountId: string) {
  if (!state.signedIn) return null;
  return {
    actor: state.person,
    account: account(state, accountId),
    accounts: state.accounts,
    role: state.role,
    modules: state.modules,
    savedViews: state.savedViews.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    authenticatedAt: state.isRecent ? new Date().toISOString() : null,
    hasPassword: state.signInMethods.includes("PASSWORD"),
    sessions: state.sessions.map((session) => ({ __typename: "Session", ...session })),
  };
}

function fault(code: string, message: string, field: string[] | null = null) {
  return { userErrors: [{ code, field, message }] };
}

/** DateTime is a string here but a Date on the server. */
function withDate<Input extends object>(input: Input): Input {
  const { expiresAt } = input as { expiresAt?: string | null };
  return expiresAt ? { ...input, expiresAt: new Date(expiresAt) } : input;
}
