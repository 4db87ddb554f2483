import fc from "fast-check";
import { ApiTokenEventEntity } from "../../src/features/api-tokens/api-token.entity.js";
import { modules } from "./platform.js";
import type { TestServer } from "./test-server.js";

// The expected behaviour of the token list, as filters and sorts of a plain array.

export interface ModelToken {
  id: string;
  name: string;
  description: string | null;
  status: "ACTIVE" | "DISABLED" | "DELETED";
  moduleIds: string[];
  createdById: string | null;
  createdByName: string | null;
  createdAt: Date;
  lastAccessAt: Date | null;
  expiresAt: Date | null;
  ipRanges: string[];
  /** Null if it never was. */
  disabledAt: Date | null;
}

interface Range {
  from?: string | null;
  to?: string | null;
}

/** Null means omitted. */
export interface Filter {
  and?: Filter[] | null;
  or?: Filter[] | null;
  not?: Filter | null;
  search?: string | null;
  name?: { equals?: string | null; contains?: string | null; startsWith?: string | null } | null;
  status?: ModelToken["status"][] | null;
  moduleIds?: string[] | null;
  createdByIds?: string[] | null;
  createdAt?: Range | null;
  lastAccessAt?: Range | null;
  neverUsed?: boolean | null;
  expiresAt?: Range | null;
  noExpiry?: boolean | null;
  noIpRanges?: boolean | null;
  disabledAt?: Range | null;
}

export const orderFields = [
  "NAME",
  "ID",
  "STATUS",
  "CREATED_BY",
  "CREATED_AT",
  "LAST_ACCESS_AT",
  "EXPIRES_AT",
  "MODULE_COUNT",
] as const;
export interface Order {
  field: (typeof orderFields)[number];
  direction: "ASC" | "DESC";
}

const inAnyCase = (text: string) => text.trim().normalize("NFC").toLowerCase();

const isIn = (at: Date | null, { from, to }: Range) =>
  !(from || to) || (at !== null && (!from || at >= new Date(from)) && (!to || at < new Date(to)));

const hasName = (key: string, { equals, contains, startsWith }: NonNullable<Filter["name"]>) =>
  (equals == null || key === inAnyCase(equals)) &&
  key.includes(inAnyCase(contains ?? "")) &&
  key.startsWith(inAnyCase(startsWith ?? ""));

const searchText = ({ name, id, description, createdByName }: ModelToken) =>
  inAnyCase([name, id, description ?? "", createdByName ?? ""].join("\n"));

const isIfAsked = (asked: boolean | null | undefined, is: boolean) => asked == null || asked === is;

/** Whether the token matches every given part of the filter. */
export function matches(token: ModelToken, filter: Filter): boolean {
  const { search, status, moduleIds, createdByIds, neverUsed } = filter;
  const conditions = [
    ...(filter.and ?? []).map((each) => matches(token, each)),
    !filter.or || filter.or.some((each) => matches(token, each)),
    !filter.not || !matches(token, filter.not),
    !search?.trim() || searchText(token).includes(inAnyCase(search)),
    hasName(inAnyCase(token.name), filter.name ?? {}),
    !status || status.includes(token.status),
    !moduleIds || moduleIds.some((id) => token.moduleIds.includes(id)),
    !createdByIds || (token.createdById !== null && createdByIds.includes(token.createdById)),
    isIfAsked(neverUsed, token.lastAccessAt === null),
    isIn(token.createdAt, filter.createdAt ?? {}),
    isIn(token.lastAccessAt, filter.lastAccessAt ?? {}),
    isIn(token.expiresAt, filter.expiresAt ?? {}),
    isIn(token.disabledAt, filter.disabledAt ?? {}),
    isIfAsked(filter.noExpiry, token.expiresAt === null),
    isIfAsked(filter.noIpRanges, token.ipRanges.length === 0),
  ];
  return conditions.every(Boolean);
}

const keyOf: Record<Order["field"], (token: ModelToken) => string | number | null> = {
  NAME: ({ name }) => inAnyCase(name),
  ID: ({ id }) => id,
  STATUS: ({ status }) => status,
  CREATED_BY: ({ createdByName }) => createdByName && inAnyCase(createdByName),
  CREATED_AT: ({ createdAt }) => createdAt.getTime(),
  LAST_ACCESS_AT: ({ lastAccessAt }) => lastAccessAt?.getTime() ?? null,
  EXPIRES_AT: ({ expiresAt }) => expiresAt?.getTime() ?? null,
  MODULE_COUNT: ({ moduleIds }) => moduleIds.length,
};

/** Nulls come first. Text is compared by code point. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (typeof a === "number" || typeof b === "number") return Number(a) - Number(b);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Ties are ordered by ID, in the direction of the last level. */
export function sorted(tokens: ModelToken[], orderBy: Order[]): ModelToken[] {
  const levels: Order[] = orderBy.length ? orderBy : [{ field: "CREATED_AT", direction: "DESC" }];
  const firstOfEach = levels.filter(({ field }, index) => levels.findIndex((each) => each.field === field) === index);
  const last = firstOfEach.at(-1)?.direction ?? "ASC";
  return tokens.toSorted((a, b) => {
    for (const { field, direction } of [...firstOfEach, { field: "ID", direction: last } as const]) {
      const difference = compare(keyOf[field](a), keyOf[field](b));
      if (difference) return direction === "ASC" ? difference : -difference;
    }
    return 0;
  });
}

/** Texts that SQL could misinterpret. */
export const oddNames = [
  "Robot",
  "robot",
  "ROBOT 2",
  "Robot 10",
  "100%",
  "100 percent",
  "under_score",
  "underXscore",
  "O'Reilly",
  'quote"d',
  "back\\slash",
  "Ärger",
  "ärger 2",
  "日本語",
  "🤖 bot",
  "Zebra",
  "-",
  "NULL",
];

const fragments = [
  "robot",
  "ROB",
  "%",
  "_",
  "'",
  '"',
  "\\",
  "ä",
  "Ä",
  "本",
  "🤖",
  "o",
  "1",
  "TKN-",
  "zzz",
  "n\n",
  "  ",
];

export const dates = ["2025-01-01", "2025-06-01T12:00:00.001Z", "2026-01-01", "2026-03-01"].map((at) => new Date(at));

const time = fc.constantFrom(...dates, new Date("2025-06-01T12:00:00.002Z")).map((at) => at.toISOString());
const range = fc.record({ from: time, to: time }, { requiredKeys: [] });
const fragment = fc.constantFrom(...fragments);

interface Vocabulary {
  statuses: ModelToken["status"][];
  creatorIds: string[];
}

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 12 });

const conditionsOf = ({ statuses, creatorIds }: Vocabulary) => ({
  search: orNull(fragment),
  name: orNull(
    fc.record(
      {
        equals: orNull(fc.constantFrom(...oddNames, "nobody")),
        contains: orNull(fragment),
        startsWith: orNull(fragment),
      },
      { requiredKeys: [] },
    ),
  ),
  status: orNull(fc.subarray(statuses)),
  moduleIds: orNull(fc.subarray([modules.catalogue, modules.orders, modules.audit, "MOD-0000"])),
  createdByIds: orNull(fc.subarray([...creatorIds, "USR-0000-0000"])),
  createdAt: orNull(range),
  lastAccessAt: orNull(range),
  neverUsed: orNull(fc.boolean()),
  expiresAt: orNull(range),
  noExpiry: orNull(fc.boolean()),
  noIpRanges: orNull(fc.boolean()),
  disabledAt: orNull(range),
});

/** Any filter with this vocabulary, nested up to three deep. */
export function filtersWith(vocabulary: Vocabulary): fc.Arbitrary<Filter> {
  const conditions = conditionsOf(vocabulary);
  // Up to two conditions, so that most filters find something.
  const plain: fc.Arbitrary<Filter> = fc
    .subarray(Object.keys(conditions) as (keyof typeof conditions)[], { maxLength: 2 })
    .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, conditions[key] as fc.Arbitrary<never>]))));
  const nested = (inner: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> =>
    fc.oneof(
      { weight: 2, arbitrary: plain },
      { weight: 1, arbitrary: fc.record({ and: orNull(fc.array(inner, { maxLength: 2 })) }) },
      { weight: 1, arbitrary: fc.record({ or: orNull(fc.array(inner, { maxLength: 2 })) }) },
      { weight: 1, arbitrary: fc.record({ not: orNull(inner) }) },
      { weight: 1, arbitrary: fc.tuple(plain, inner).map(([own, not]) => ({ ...own, not })) },
    );
  return nested(nested(nested(plain)));
}

export const anyOrder: fc.Arbitrary<Order[]> = fc.array(
  fc.record({ field: fc.constantFrom(...orderFields), direction: fc.constantFrom("ASC", "DESC") }),
  { maxLength: 3 },
);

/** Sets when a disabled token was disabled. */
export async function setDisabledAt({ app }: TestServer, token: ModelToken, at: Date): Promise<void> {
  if (token.status !== "DISABLED") return;
  await app.dataSource.manager.update(ApiTokenEventEntity, { tokenId: token.id, kind: "DISABLED" }, { at });
  token.disabledAt = at;
}
