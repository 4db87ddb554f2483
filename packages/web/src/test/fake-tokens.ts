import { availableActions, maskTokenValue } from "@hallpass/shared";
import type { FakeToken } from "./factories";
import type { FakeState } from "./fake-state";

interface Range {
  from?: string | null;
  to?: string | null;
}

interface TextFilter {
  equals?: string;
  contains?: string;
  startsWith?: string;
}

export interface TokenFilter {
  and?: TokenFilter[];
  or?: TokenFilter[];
  not?: TokenFilter;
  search?: string;
  name?: TextFilter;
  status?: string[];
  moduleIds?: string[];
  createdByIds?: string[];
  createdAt?: Range;
  lastAccessAt?: Range;
  expiresAt?: Range;
  neverUsed?: boolean;
  noExpiry?: boolean;
  noIpRanges?: boolean;
  disabledAt?: Range;
}

export interface TokenOrder {
  field: string;
  direction: "ASC" | "DESC";
}

const fold = (text: string) => text.toLocaleLowerCase("en");
const inRange = (value: string | null, { from, to }: Range) =>
  value !== null && (!from || value >= from) && (!to || value < to);

const matchesText = (value: string, { equals, contains, startsWith }: TextFilter) =>
  (equals === undefined || fold(value) === fold(equals)) &&
  (contains === undefined || fold(value).includes(fold(contains))) &&
  (startsWith === undefined || fold(value).startsWith(fold(startsWith)));

type Check = (token: FakeToken, value: never) => boolean;

const checks: Record<keyof TokenFilter, Check> = {
  and: (token, all: TokenFilter[]) => all.every((each) => matches(token, each)),
  or: (token, any: TokenFilter[]) => any.some((each) => matches(token, each)),
  not: (token, other: TokenFilter) => !matches(token, other),
  search: ({ id, name, description }, text: string) =>
    matchesText(`${id} ${name} ${description ?? ""}`, { contains: text }),
  name: (token, filter: TextFilter) => matchesText(token.name, filter),
  status: (token, any: string[]) => any.includes(token.status),
  moduleIds: (token, any: string[]) => token.modules.some(({ id }) => any.includes(id)),
  createdByIds: (token, any: string[]) => any.includes(token.createdBy?.id ?? ""),
  createdAt: (token, range: Range) => inRange(token.createdAt, range),
  lastAccessAt: (token, range: Range) => inRange(token.lastAccessAt, range),
  expiresAt: (token, range: Range) => inRange(token.expiresAt, range),
  neverUsed: (token, never: boolean) => (token.lastAccessAt === null) === never,
  disabledAt: (token, range: Range) => inRange(token.disabledAt, range),
  noIpRanges: (token, none: boolean) => (token.ipRanges.length === 0) === none,
  noExpiry: (token, never: boolean) => (token.expiresAt === null) === never,
};

function matches(token: FakeToken, filter: TokenFilter): boolean {
  return Object.entries(filter).every(
    ([name, value]) => value === null || checks[name as keyof TokenFilter](token, value as never),
  );
}

const orderValues: Record<string, (token: FakeToken) => string | number> = {
  NAME: (token) => fold(token.name),
  ID: (token) => token.id,
  STATUS: (token) => token.status,
  CREATED_BY: (token) => token.createdBy?.name ?? "",
  CREATED_AT: (token) => token.createdAt,
  LAST_ACCESS_AT: (token) => token.lastAccessAt ?? "",
  EXPIRES_AT: (token) => token.expiresAt ?? "",
  MODULE_COUNT: (token) => token.modules.length,
};

/** The account’s matching tokens in order. Deleted tokens only if the filter asks for them. */
export function listTokens(
  state: FakeState,
  accountId: string,
  filter: TokenFilter = {},
  orderBy: TokenOrder[] = [],
): FakeToken[] {
  const asksForDeleted = JSON.stringify(filter).includes('"DELETED"');
  const levels = [...orderBy, { field: "CREATED_AT", direction: "DESC" } as const];
  return state.tokens
    .filter((token) => token.accountId === accountId && (asksForDeleted || token.status !== "DELETED"))
    .filter((token) => matches(token, filter))
    .sort((a, b) => levels.map((level) => compare(a, b, level)).find((result) => result !== 0) ?? 0);
}

function compare(a: FakeToken, b: FakeToken, { field, direction }: TokenOrder): number {
  const value = orderValues[field] ?? (() => 0);
  const [x, y] = [value(a), value(b)];
  const result = x < y ? -1 : x > y ? 1 : 0;
  return direction === "ASC" ? result : -result;
}

/** The tokens a token created, directly or indirectly. */
export function descendantsOf(state: FakeState, { id }: FakeToken): FakeToken[] {
  return state.tokens
    .filter(({ createdBy }) => createdBy?.id === id)
    .flatMap((created) => [created, ...descendantsOf(state, created)]);
}

/** A token as defined in the schema. */
export function tokenView(state: FakeState, token: FakeToken) {
  const caller = { kind: "person", id: state.person.id, role: state.role } as const;
  return {
    __typename: "ApiToken",
    ...token,
    moduleCount: token.modules.length,
    availableActions: availableActions(caller, token).filter(
      (action) => action !== "REVEAL" || !state.policy.valuesShownOnce,
    ),
    account: state.accounts.find(({ id }) => id === token.accountId),
    endpoint: "http://127.0.0.1:4000/graphql",
    activeDescendantCount: descendantsOf(state, token).filter(({ status }) => status === "ACTIVE").length,
    maskedValue: maskTokenValue(token.id),
    events: [
      { kind: "CREATED", at: token.createdAt, by: token.createdBy },
      ...(token.version > 1 ? [{ kind: "UPDATED", at: token.createdAt, by: state.person }] : []),
      ...(token.rotatedAt ? [{ kind: "ROTATED", at: token.rotatedAt, by: state.person }] : []),
    ],
    usage: ({ days }: { days: number }) => usageOf(token, days),
    auditTrail: (args: Page) =>
      connection(state.auditRecords.filter(({ objectId }) => objectId === token.id).reverse(), args),
  };
}

export interface Page {
  first?: number;
  offset?: number;
  after?: string;
}

/** The given number of days in UTC, ending today. */
function usageOf({ usageByDay }: FakeToken, days: number) {
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(Date.now() - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10);
    return { day, allowed: 0, denied: 0, ...usageByDay[day] };
  });
}

export function connection<Node>(all: Node[], { first = 10, after, ...page }: Page) {
  const offset = after ? Number(after) + 1 : (page.offset ?? 0);
  const nodes = all.slice(offset, offset + first);
  return {
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: String(offset + index) })),
    totalCount: all.length,
    countUpTo: ({ limit }: { limit: number }) => Math.min(all.length, limit),
    pageInfo: {
      hasNextPage: offset + first < all.length,
      hasPreviousPage: offset > 0,
      startCursor: String(offset),
      endCursor: String(offset + nodes.length - 1),
    },
  };
}
