import { seed, seedPassword } from "../../src/commands/seed.js";
import {
  ApiTokenAccessEntity,
  ApiTokenEntity,
  ApiTokenEventEntity,
  ApiTokenModuleEntity,
} from "../../src/features/api-tokens/api-token.entity.js";
import type { Client } from "../support/client.js";
import { useServer } from "../support/test-server.js";
import { type Filter, type ModelToken, matches, type Order, sorted } from "../support/token-model.js";

// With more than 10,000 tokens, lists are read and counted in other ways. This compares them with plain arrays.

const seeded = 15_000;
const size = 7;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

// Some find fewer than 10,000 tokens and some more, which decides how they are looked up.
const filters: Filter[] = [
  {},
  { search: "robot" },
  { search: "robot 12" },
  { search: "seeded adm" },
  { search: "ro" },
  { search: "robot", and: [{ status: ["DISABLED"] }] },
  { and: [{ name: { contains: "robot" } }, { neverUsed: true }] },
  { and: [{ name: { startsWith: "billing" } }] },
  { and: [{ status: ["ACTIVE"] }] },
  { and: [{ status: ["DISABLED"] }, { disabledAt: { to: daysAgo(90) } }] },
  { and: [{ moduleIds: ["MOD-1255"] }] },
  { and: [{ moduleIds: ["MOD-2002", "MOD-2003"] }, { status: ["ACTIVE"] }] },
  { and: [{ neverUsed: true }] },
  { and: [{ neverUsed: false }] },
  { and: [{ lastAccessAt: { to: daysAgo(90) } }] },
  { and: [{ lastAccessAt: { to: daysAgo(1) } }, { moduleIds: ["MOD-1255"] }] },
  { and: [{ createdAt: { to: daysAgo(1) } }, { noExpiry: true }] },
  { and: [{ expiresAt: { from: daysAgo(0), to: daysAgo(-30) } }] },
  { or: [{ neverUsed: true }, { not: { lastAccessAt: { from: daysAgo(30) } } }] },
  { not: { or: [{ search: "billing" }, { lastAccessAt: { from: daysAgo(30), to: daysAgo(10) } }] } },
];

const by = (...levels: string[]): Order[] =>
  levels.map((level) => ({
    field: level.replace("-", "") as Order["field"],
    direction: level.startsWith("-") ? "DESC" : "ASC",
  }));
const orders = [
  by(),
  by("LAST_ACCESS_AT"),
  by("STATUS", "-LAST_ACCESS_AT", "NAME"),
  by("-LAST_ACCESS_AT", "CREATED_AT"),
  by("-MODULE_COUNT", "LAST_ACCESS_AT"),
  by("EXPIRES_AT", "-STATUS", "CREATED_AT"),
];

const document = `query ($filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!], $first: Int, $after: String, $offset: Int, $last: Int) {
  apiTokens(filter: $filter, orderBy: $orderBy, first: $first, after: $after, offset: $offset, last: $last) {
    countUpTo(limit: 10001) edges { cursor node { id } } } }`;

describe("An account with 15,000 tokens", () => {
  const server = useServer({ platform: null });
  let administrator: Client;
  let found: Map<Filter, Set<string>>;
  let ordered: { orderBy: Order[]; all: string[] }[];

  beforeAll(async () => {
    const [account] = await seed(server().app, { accounts: 1, tokens: seeded });
    administrator = server().nobody();
    await administrator.mutate("signIn", { email: account?.email, password: seedPassword });
    const tokens = await listed();
    ordered = orders.map((orderBy) => ({ orderBy, all: sorted(tokens, orderBy).map(({ id }) => id) }));
    const matching = (filter: Filter) => tokens.filter((token) => matches(token, filter)).map(({ id }) => id);
    found = new Map(filters.map((filter) => [filter, new Set(matching(filter))]));
  });

  test.each(filters)("Pages of %j match a plain array in any order", async (filter) => {
    for (const { orderBy, all } of ordered) {
      const ids = all.filter((id) => found.get(filter)?.has(id));
      const page = async (position: object) => {
        const { apiTokens } = await administrator.data(document, { filter, orderBy, ...position });
        const edges: { cursor: string; node: { id: string } }[] = apiTokens.edges;
        return { count: apiTokens.countUpTo, ids: edges.map(({ node }) => node.id), end: edges.at(-1)?.cursor };
      };
      const half = Math.floor(ids.length / 2);
      const start = await page({ first: size });
      const middle = await page({ first: size, offset: half });
      const next = await page({ first: size, after: middle.end });
      const last = await page({ last: size });
      expect({ orderBy, pages: [start, middle, next, last].map(({ ids }) => ids), count: start.count }).toEqual({
        orderBy,
        pages: [
          ids.slice(0, size),
          ids.slice(half, half + size),
          ids.slice(half + size, half + 2 * size),
          ids.slice(-size),
        ],
        count: Math.min(ids.length, 10_001),
      });
    }
  });

  test("The filters find few tokens, many, and almost all", () => {
    const sizes = [...found.values()].map(({ size }) => size);
    expect(Math.min(...sizes)).toBeGreaterThan(2 * size);
    const ranges = sizes.map((count) => (count > 10_000 ? "almost all" : count > 1_000 ? "many" : "few"));
    expect(new Set(ranges)).toEqual(new Set(["few", "many", "almost all"]));
  });

  /** The account's tokens, as they are stored. */
  async function listed(): Promise<ModelToken[]> {
    const { manager } = server().app.dataSource;
    const accesses = new Map((await manager.find(ApiTokenAccessEntity)).map((row) => [row.tokenId, row.lastAccessAt]));
    const disabled = new Map(
      (await manager.findBy(ApiTokenEventEntity, { kind: "DISABLED" })).map(({ tokenId, at }) => [tokenId, at]),
    );
    const modules = new Map<string, string[]>();
    for (const { tokenId, moduleId } of await manager.find(ApiTokenModuleEntity))
      modules.set(tokenId, [...(modules.get(tokenId) ?? []), moduleId]);
    const rows = await manager.findBy(ApiTokenEntity, { deleted: 0 });
    return rows.map((row) => ({
      ...row,
      moduleIds: modules.get(row.id) ?? [],
      lastAccessAt: accesses.get(row.id) ?? null,
      disabledAt: disabled.get(row.id) ?? null,
      ipRanges: [],
    }));
  }
});
