import {
  accounts,
  type FakeAuditRecord,
  type FakeToken,
  makeAuditRecord,
  makeTokens,
  modules,
  people,
  type Status,
} from "./factories";

/** The fake server’s state. Tests pass only what differs. */
export interface FakeState {
  signedIn: boolean;
  role: "ADMIN" | "AUDITOR";
  /** The session’s account, used by requests without an account header. */
  accountId: string;
  person: (typeof people)[number];
  /** The accounts in which the person has a role. */
  accounts: typeof accounts;
  modules: typeof modules;
  people: typeof people;
  tokens: FakeToken[];
  auditRecords: FakeAuditRecord[];
  /** How many of the oldest ones are archived. */
  archivedRecords: number;
  /** The mismatch found by verification. Null if every record is intact. */
  auditFault: { sequence: number; message: string } | null;
  headSignature: "VALID" | "UNSIGNED" | "INVALID" | "UNCHECKED";
  password: string;
  savedViews: FakeSavedView[];
  signInMethods: ("PASSWORD" | "IDENTITY_PROVIDER")[];
  sessions: FakeSession[];
  policy: FakePolicy;
  webhooks: FakeWebhook[];
  /** Whether the session’s sign-in is recent, as the policy may require. */
  isRecent: boolean;
}

export interface FakeWebhook {
  id: string;
  url: string;
  events: string[];
  enabled: boolean;
  createdAt: string;
  deliveries: FakeDelivery[];
}

export interface FakeDelivery {
  id: string;
  messageId: string;
  event: string;
  status: "PENDING" | "DELIVERED" | "FAILED";
  attempts: number;
  createdAt: string;
  nextAttemptAt: string | null;
  lastAttemptAt: string | null;
  responseStatus: number | null;
  response: string | null;
}

export interface FakePolicy {
  maxLifetimeDays: number | null;
  idleDays: number | null;
  expiryRequired: boolean;
  ipRangesRequired: boolean;
  valuesShownOnce: boolean;
  recentSignInRequired: boolean;
}

export interface FakeSession {
  id: string;
  isCurrent: boolean;
  createdAt: string;
  lastSeenAt: string;
  ip: string | null;
  userAgent: string | null;
}

export interface FakeSavedView {
  id: string;
  list: string;
  name: string;
  query: string;
  shared: boolean;
  isDefault: boolean;
}

export const noPolicy: FakePolicy = {
  maxLifetimeDays: null,
  idleDays: null,
  expiryRequired: false,
  ipRangesRequired: false,
  valuesShownOnce: false,
  recentSignInRequired: false,
};

export function makeState(changes: Partial<FakeState> = {}): FakeState {
  const [person] = people;
  if (!person) throw new Error("no people");
  return {
    signedIn: true,
    role: "ADMIN",
    accountId: "ACC-0001-0002",
    person,
    accounts,
    modules,
    people,
    tokens: makeTokens(),
    auditRecords: Array.from({ length: 14 }, (_, index) => makeAuditRecord(index + 1)),
    archivedRecords: 0,
    auditFault: null,
    headSignature: "VALID",
    password: "correct horse",
    savedViews: [],
    signInMethods: ["PASSWORD"],
    sessions: [],
    policy: noPolicy,
    webhooks: [],
    isRecent: true,
    ...changes,
  };
}

/** Changes a token, increments its version and adds an audit record. */
export function moveToken(state: FakeState, id: string, changes: Partial<FakeToken>, event: string): FakeToken | null {
  const token = state.tokens.find((each) => each.id === id && each.status !== ("DELETED" satisfies Status));
  if (!token) return null;
  Object.assign(token, changes, { version: token.version + 1 });
  recordEvent(state, event, token);
  return token;
}

export function recordEvent(state: FakeState, event: string, token: FakeToken) {
  const sequence = state.auditRecords.length + 1;
  const record = makeAuditRecord(sequence, { event, objectId: token.id, objectName: token.name, actor: state.person });
  state.auditRecords.push({ ...record, summary: `API token ${token.name}: ${event}` });
}
