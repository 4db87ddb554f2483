/** The fake server’s data. Each test starts from it and changes only what it needs. */
export type Status = "ACTIVE" | "DISABLED" | "DELETED";

export const modules = [
  { id: "MOD-1255", name: "Access management", description: "Users, groups and API tokens" },
  { id: "MOD-1290", name: "Audit", description: "Who did what" },
  { id: "MOD-1310", name: "Orders", description: "Orders and subscriptions" },
  { id: "MOD-1320", name: "Billing", description: null },
].map((module) => ({ __typename: "Module" as const, ...module }));

export const people = [
  { id: "USR-1234-1210", name: "Sarah Sanderson", email: "sarah@northwind.example" },
  { id: "USR-1234-1240", name: "Andy Anderson", email: "andy@northwind.example" },
].map((person) => ({ __typename: "User" as const, ...person }));

export const accounts = [
  { id: "ACC-0001-0002", name: "Northwind", type: "CLIENT" },
  { id: "ACC-0001-0003", name: "Contoso", type: "VENDOR" },
  { id: "ACC-0001-0001", name: "Hallpass Operations", type: "OPERATIONS" },
].map((account) => ({ __typename: "Account" as const, ...account, modules }));

const [access, , orders, billing] = modules;
const [sarah, andy] = people;
const hour = 3_600_000;

export interface FakeToken {
  id: string;
  name: string;
  description: string | null;
  iconUrl: string | null;
  status: Status;
  modules: typeof modules;
  accountId: string;
  createdAt: string;
  createdBy: { __typename: string; id: string; name: string } | null;
  lastAccessAt: string | null;
  lastAccessIp: string | null;
  lastAccessUserAgent: string | null;
  expiresAt: string | null;
  ipRanges: string[];
  rateLimit: { requests: number; perSeconds: number } | null;
  previousValueExpiresAt: string | null;
  previousValueLastAccessAt: string | null;
  currentValueLastAccessAt: string | null;
  rotatedAt: string | null;
  disabledAt: string | null;
  /** By day, e.g. 2026-11-23. Days left out have no traffic. */
  usageByDay: Record<string, { allowed: number; denied: number }>;
  version: number;
  /** The value revealApiToken returns. */
  value: string;
  idempotencyKey?: string;
  /** The creating input, as JSON. */
  requested?: string;
}

/** `number`, 1 to 9999, determines the ID, name and dates. */
export function makeToken(number: number, changes: Partial<FakeToken> = {}): FakeToken {
  const digits = String(number).padStart(4, "0");
  return {
    id: `TKN-1234-${digits}`,
    name: `Robot ${number}`,
    description: number % 3 === 0 ? `Synchronises orders, line ${number}` : null,
    iconUrl: null,
    status: "ACTIVE",
    modules: number % 2 ? [access].filter((each) => !!each) : [access, orders, billing].filter((each) => !!each),
    accountId: "ACC-0001-0002",
    createdAt: new Date(Date.UTC(2026, 0, 1, 9, 30) + number * 25 * hour).toISOString(),
    createdBy: (number % 2 ? sarah : andy) ?? null,
    lastAccessAt: number % 4 === 0 ? null : new Date(Date.UTC(2026, 9, 1, 12) + number * 5 * hour).toISOString(),
    lastAccessIp: number % 4 === 0 ? null : "203.0.113.7",
    lastAccessUserAgent: number % 4 === 0 ? null : "order-sync/2.4",
    expiresAt: null,
    ipRanges: [],
    rateLimit: null,
    previousValueExpiresAt: null,
    previousValueLastAccessAt: null,
    currentValueLastAccessAt: null,
    rotatedAt: null,
    disabledAt: null,
    usageByDay: {},
    version: 1,
    value: `hp_1234${digits}_${"aB3".repeat(11).slice(0, 32)}000000`,
    ...changes,
  };
}

/** By default, 28 tokens: three pages of ten rows. Three are disabled. */
export function makeTokens(count = 28): FakeToken[] {
  return Array.from({ length: count }, (_, index) =>
    makeToken(index + 1, index % 9 === 4 ? { status: "DISABLED" } : {}),
  );
}

export interface FakeAuditRecord {
  __typename: "AuditRecord";
  id: string;
  sequence: number;
  at: string;
  event: string;
  summary: string;
  objectId: string;
  objectName: string;
  actor: { __typename: string; id: string; name: string } | null;
  ip: string | null;
  userAgent: string | null;
  details: string;
}

export function makeAuditRecord(sequence: number, changes: Partial<FakeAuditRecord> = {}): FakeAuditRecord {
  const objectName = changes.objectName ?? `Robot ${sequence}`;
  return {
    __typename: "AuditRecord",
    id: `AUD-${sequence}`,
    sequence,
    at: new Date(Date.UTC(2026, 10, 1, 8) + sequence * hour).toISOString(),
    event: "api_token.updated",
    summary: `API token ${objectName} was updated`,
    objectId: `TKN-1234-${String(sequence).padStart(4, "0")}`,
    objectName,
    actor: sarah ?? null,
    ip: "203.0.113.7",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0",
    details: JSON.stringify({ event: "api_token.updated", before: { name: "Robot" }, after: { name: objectName } }),
    ...changes,
  };
}
