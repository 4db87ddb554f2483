import fc from "fast-check";
import { ApiTokenAccessEntity, ApiTokenEntity } from "../../src/features/api-tokens/api-token.entity.js";
import type { Client, Data } from "../support/client.js";
import { modules, people } from "../support/platform.js";
import { propertyRuns } from "../support/property-runs.js";
import { type TestServer, useServer } from "../support/test-server.js";
import {
  anyOrder,
  dates,
  type Filter,
  filtersWith,
  type ModelToken,
  matches,
  type Order,
  oddNames,
  orderFields,
  setDisabledAt,
  sorted,
} from "../support/token-model.js";

const document = `query (
  $first: Int, $after: String, $last: Int, $before: String, $offset: Int, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]
) {
  apiTokens(
    first: $first, after: $after, last: $last, before: $before, offset: $offset, filter: $filter, orderBy: $orderBy
  ) {
    totalCount nodes { id } edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

const page = async (client: Client, variables: object): Promise<Data> =>
  (await client.data(document, variables)).apiTokens;
const idsOf = ({ nodes }: Data): string[] => nodes.map(({ id }: Data) => id);

describe("Token list", () => {
  const server = useServer();
  const tokens: ModelToken[] = [];
  let admin: Client;

  beforeAll(async () => {
    admin = await server().as("admin");
    tokens.push(...(await createTokens(server())));
  });

  const expected = (filter: Filter, orderBy: Order[]) =>
    sorted(
      tokens.filter((token) => token.status !== "DELETED" && matches(token, filter)),
      orderBy,
    ).map(({ id }) => id);

  test("The list returns the ten newest tokens and the total by default", async () => {
    const { totalCount, nodes, pageInfo } = await page(admin, {});
    const all = expected({}, []);
    expect(nodes.map(({ id }: Data) => id)).toEqual(all.slice(0, 10));
    expect([totalCount, pageInfo.hasNextPage, pageInfo.hasPreviousPage]).toEqual([all.length, true, false]);
  });

  test.each(orderFields.flatMap((field) => (["ASC", "DESC"] as const).map((direction) => ({ field, direction }))))(
    "The list can be ordered by $field $direction, with ties and nulls",
    async (order) => {
      expect(await walk(admin, { orderBy: [order] }, 25)).toEqual(expected({}, [order]));
    },
  );

  test("The list can be ordered by several levels", async () => {
    const orderBy: Order[] = [
      { field: "STATUS", direction: "DESC" },
      { field: "MODULE_COUNT", direction: "ASC" },
      { field: "LAST_ACCESS_AT", direction: "DESC" },
      { field: "NAME", direction: "ASC" },
    ];
    expect(await walk(admin, { orderBy }, 100)).toEqual(expected({}, orderBy));
  });

  test.each<[string, Filter, RegExp | number]>([
    ["a search in any case", { search: "rOBOT" }, /robot/i],
    ["a search with a wildcard character", { search: "100%" }, /^100%$/],
    ["a name with an underscore", { name: { contains: "r_s" } }, /under_score/],
    ["a name with non-ASCII letters in any case", { name: { startsWith: "ÄRG" } }, /^ärger/i],
    ["a name with a quotation mark", { name: { contains: "'" } }, /O'Reilly/],

    ["a whole name in any case", { name: { equals: "ROBOT" } }, /^robot$/i],
    ["no status", { status: [] }, 0],
    ["no creator", { createdByIds: [] }, 0],
    ["no module", { moduleIds: [] }, 0],
    ["no alternatives", { or: [] }, 0],
  ])("A filter by %s returns the matching tokens", async (_what, filter, found) => {
    const ids = await walk(admin, { filter }, 100);
    expect(ids).toEqual(expected(filter, []));
    const names = ids.map((id) => tokens.find((token) => token.id === id)?.name ?? "");
    if (typeof found === "number") expect(names).toHaveLength(found);
    else {
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(name).toMatch(found);
    }
  });

  test("A search finds the creator, and a value by the ID it contains", async () => {
    const search = async (text: string) => walk(admin, { filter: { search: text } }, 100);
    const byBo = tokens.filter(({ createdByName, status }) => createdByName === "Bo Admin" && status !== "DELETED");
    expect((await search("BO ADM")).sort()).toEqual(byBo.map(({ id }) => id).sort());
    const { id, value } = await server().createToken({ name: "Found by its value" });
    expect(await search(value)).toEqual([id]);
    expect(await search(value.slice(0, 11))).toEqual([id]);
    await admin.mutate("deleteApiToken", { id });
  });

  test("A range includes its start but not its end", async () => {
    const [from, to] = [dates[1]?.toISOString(), dates[2]?.toISOString()];
    const found = await walk(admin, { filter: { createdAt: { from, to } } }, 100);
    const times = new Set(
      tokens.filter(({ id }) => found.includes(id)).map(({ createdAt }) => createdAt.toISOString()),
    );
    expect([...times]).toEqual([from]);
  });

  test("The list matches a plain array for any filter and order, by cursor in both directions and by offset", async () => {
    const creatorIds = [people.admin.id, people.otherAdmin.id];
    const anyFilter = filtersWith({ statuses: ["ACTIVE", "DISABLED"], creatorIds });
    const run = fc.record({ filter: anyFilter, orderBy: anyOrder, size: fc.integer({ min: 3, max: 60 }) });
    await fc.assert(
      fc.asyncProperty(run, async ({ filter, orderBy, size }) => {
        const all = expected(filter, orderBy);
        expect(await walk(admin, { filter, orderBy }, size)).toEqual(all);
        expect(await walk(admin, { filter, orderBy }, size, "backward")).toEqual(all);
        const middle = Math.floor(all.length / 2);
        const jump = await page(admin, { filter, orderBy, first: size, offset: middle });
        expect([idsOf(jump), jump.totalCount]).toEqual([all.slice(middle, middle + size), all.length]);
      }),
      { numRuns: propertyRuns(12) },
    );
  }, 600_000);

  test("An offset counts a token once, even if it has several of the filtered modules", async () => {
    const filter = { moduleIds: [modules.orders, modules.audit] };
    const all = expected(filter, []);
    for (const offset of [1, 10, all.length - 3])
      expect(idsOf(await page(admin, { filter, first: 3, offset }))).toEqual(all.slice(offset, offset + 3));
  });

  test("A page of 100 tokens costs as many statements as one of 10", async () => {
    const whole = `query ($first: Int) { apiTokens(first: $first) { totalCount nodes {
      id name status iconUrl availableActions moduleCount maskedValue lastAccessAt previousValueExpiresAt
      modules { id name description } account { id name modules { id } } createdBy { id name }
      events { kind at by { id name } } } } }`;
    const cost = async (first: number) => {
      let rows = 0;
      const statements = await server().statementsOf(async () => {
        rows = (await admin.data(whole, { first })).apiTokens.nodes.length;
      });
      expect(rows).toBe(first);
      const ofModules = statements.filter((sql) => /FROM .module. /.test(sql)).length;
      // The tokens' and the account's modules are read together, or separately if one arrives later.
      expect([1, 2]).toContain(ofModules);
      return statements.length - ofModules;
    };
    const ten = await cost(10);
    expect(await cost(100)).toBe(ten);
    expect(ten).toBe(statementsOfAPage);
  });

  describe("Pages", () => {
    test.each([
      ["first and last", { first: 1, last: 1 }],
      ["a first of 0", { first: 0 }],
      ["a first of 101", { first: 101 }],
      ["a negative first", { first: -1 }],
      ["a last of 0", { last: 0 }],
      ["a last of 101", { last: 101 }],
      ["after with last", { last: 1, after: "x" }],
      ["before with first", { first: 1, before: "x" }],
      ["a negative offset", { offset: -1 }],
      ["an offset with last", { last: 1, offset: 1 }],
      ["an offset with after", { offset: 1, after: "x" }],
      ["a malformed cursor", { after: "nonsense" }],
      ["an empty object as its cursor", { after: Buffer.from("{}").toString("base64url") }],
      ["a cursor with extra entries", { after: Buffer.from('["x",1,2,3]').toString("base64url") }],
      [
        "a cursor of the wrong types",
        { after: Buffer.from('["token.createdAt DESC,token.id DESC",{},[]]').toString("base64url") },
      ],
    ])("A request for a page with %s is rejected", async (_what, variables) => {
      const { status, errors } = await admin.ask(document, variables);
      expect([status, errors[0]?.extensions.code]).toEqual([400, "BAD_USER_INPUT"]);
      expect(errors[0]?.message).toMatch(/^['A-Z].*\.$/);
    });

    test("A cursor of another order is rejected", async () => {
      const { pageInfo } = await page(admin, { first: 2 });
      const other = { after: pageInfo.endCursor, orderBy: [{ field: "NAME", direction: "ASC" }] };
      expect((await admin.ask(document, other)).errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    });

    test("A page beyond the end is empty", async () => {
      for (const offset of [tokens.length, 5_000, 2_147_483_647]) {
        const { nodes, pageInfo, totalCount } = await page(admin, { offset });
        expect([nodes, pageInfo.hasNextPage, pageInfo.endCursor]).toEqual([[], false, null]);
        expect(totalCount).toBe(expected({}, []).length);
      }
    });

    test("A cursor keeps its place when rows are added before it", async () => {
      const orderBy: Order[] = [{ field: "NAME", direction: "ASC" }];
      const first = await page(admin, { first: 5, orderBy });
      const { id } = await server().createToken({ name: "!first of all" });
      const next = await page(admin, { first: 5, after: first.pageInfo.endCursor, orderBy });
      expect(idsOf(next)).toEqual(expected({}, orderBy).slice(5, 10));
      await admin.mutate("deleteApiToken", { id });
    });

    test("A cursor keeps its place when its row changes while the page is read", async () => {
      const orderBy: Order[] = [{ field: "LAST_ACCESS_AT", direction: "ASC" }];
      const filter = { lastAccessAt: { to: "2099-01-01T00:00:00Z" } };
      const ids = expected(filter, orderBy);
      const lastAccess = (id = "") => manager().findOneByOrFail(ApiTokenAccessEntity, { tokenId: id });
      const { tokenId, lastAccessAt } = await lastAccess(ids[4]);
      const change = () =>
        manager().update(ApiTokenAccessEntity, { tokenId }, { lastAccessAt: new Date("2098-01-01T00:00:00Z") });
      const restore = beforeStatement(/^SELECT .*token_name.*(json_each|USE INDEX)/, change);
      const first = await page(admin, { first: 5, filter, orderBy });
      restore();
      expect((await lastAccess(tokenId)).lastAccessAt).not.toEqual(lastAccessAt);
      expect(idsOf(first)).toEqual(ids.slice(0, 5));
      const next = await page(admin, { first: 5, after: first.pageInfo.endCursor, filter, orderBy });
      expect(idsOf(next)).toEqual(ids.slice(5, 10));
      await manager().update(ApiTokenAccessEntity, { tokenId }, { lastAccessAt });
    });

    const manager = () => server().app.dataSource.manager;

    /** Does the work before the first statement like this. Returns what ends that. */
    function beforeStatement(pattern: RegExp, work: () => Promise<unknown>): () => void {
      const runner = Object.getPrototypeOf(server().app.dataSource.createQueryRunner());
      const { query } = runner;
      let isDone = false;
      const spy = jest.spyOn(runner, "query").mockImplementation(async function (this: unknown, ...given: unknown[]) {
        if (!isDone && pattern.test(String(given[0]))) {
          isDone = true;
          await work();
        }
        return query.apply(this, given);
      });
      return () => spy.mockRestore();
    }
  });

  describe("Filter limits", () => {
    const nest = (depth: number): Filter => (depth === 0 ? { search: "a" } : { not: nest(depth - 1) });
    const many = (count: number): Filter => ({ or: Array.from({ length: count }, () => ({ search: "a" })) });

    test("A filter can be nested up to three deep", async () => {
      expect((await admin.ask(document, { filter: nest(3) })).errors).toEqual([]);
      expect((await admin.ask(document, { filter: nest(4) })).errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    });

    test("A filter can have up to 20 conditions", async () => {
      expect((await admin.ask(document, { filter: many(20) })).errors).toEqual([]);
      expect((await admin.ask(document, { filter: many(21) })).errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
      for (const empty of [{}, { or: [] }, { and: [{}] }, { name: {} }]) {
        const { status, errors } = await admin.ask(document, { filter: { or: Array(1_100).fill(empty) } });
        expect([status, errors[0]?.extensions.code]).toEqual([400, "BAD_USER_INPUT"]);
      }
    });

    test("Filter lists, search texts and order levels are limited", async () => {
      const createdByIds = Array.from({ length: 101 }, (_, index) => `USR-1000-${1000 + index}`);
      const orderBy = Array.from({ length: 9 }, () => ({ field: "NAME", direction: "ASC" }));
      for (const variables of [{ filter: { createdByIds } }, { filter: { search: "x".repeat(201) } }, { orderBy }])
        expect((await admin.ask(document, variables)).errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    });
  });

  describe("Deleted tokens", () => {
    test("A client’s list never contains deleted tokens, whatever the filter", async () => {
      const deleted = tokens.filter(({ status }) => status === "DELETED").map(({ id }) => id);
      expect(deleted.length).toBeGreaterThan(0);
      const filters: object[] = [
        { status: ["DELETED"] },
        { not: { status: ["ACTIVE", "DISABLED"] } },
        { or: [{ status: ["DELETED"] }, { status: ["ACTIVE"] }] },
      ];
      for (const filter of filters)
        for (const id of await walk(admin, { filter }, 100)) expect(deleted).not.toContain(id);
      expect((await page(admin, { filter: { status: ["DELETED"] } })).totalCount).toBe(0);
    });

    test("Deleted tokens are shown on request to people of an OPERATIONS account, but not to its tokens", async () => {
      const operator = await server().as("operator");
      const active = await server().createToken({ moduleIds: [modules.accessManagement] }, "operator");
      const gone = await server().createTokenThatIs("DELETED", {}, "operator");
      expect(idsOf(await page(operator, {}))).toEqual([active.id]);
      expect(idsOf(await page(operator, { filter: { status: ["DELETED"] } }))).toEqual([gone.id]);
      const both = await page(operator, { filter: { status: ["DELETED", "ACTIVE"] } });
      expect(idsOf(both).sort()).toEqual([active.id, gone.id].sort());
      const auditor = await server().as("operationsAuditor");
      expect(idsOf(await page(auditor, { filter: { status: ["DELETED"] } }))).toEqual([gone.id]);
      const program = server().program(active.value);
      expect(idsOf(await page(program, { filter: { status: ["DELETED"] } }))).toEqual([]);
    });
  });
});

/**
 * For the session, page, count, last accesses, values, module links, people, events, the account's module links and its policy.
 * Statements for the modules themselves are not counted.
 */
const statementsOfAPage = 10;

/** All IDs, page by page. Fails if a page's cursors or neighbours are wrong. */
async function walk(client: Client, variables: object, size: number, way: "forward" | "backward" = "forward") {
  const ids: string[] = [];
  const isForward = way === "forward";
  for (let cursor: string | null = null, pages = 0; ; pages++) {
    const at: object = isForward ? { first: size, after: cursor } : { last: size, before: cursor };
    const { nodes, edges, pageInfo }: Data = await page(client, { ...variables, ...at });
    expect(edges.map(({ node }: Data) => node)).toEqual(nodes);
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([
      edges.at(0)?.cursor ?? null,
      edges.at(-1)?.cursor ?? null,
    ]);
    expect(isForward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage).toBe(pages > 0);
    if (isForward) ids.push(...nodes.map(({ id }: Data) => id));
    else ids.unshift(...nodes.map(({ id }: Data) => id));
    if (!(isForward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return ids;
    cursor = isForward ? pageInfo.endCursor : pageInfo.startCursor;
    if (pages > 200) throw new Error("The walk does not end.");
  }
}

const tokenCount = 126;

const moduleLists = [[modules.catalogue], [modules.orders], [modules.catalogue, modules.orders, modules.audit]];

const wantedOf = (index: number) => ({
  name: oddNames[index % oddNames.length] ?? "",
  description: index % 5 === 0 ? `Número ${index}` : null,
  moduleIds: moduleLists[index % moduleLists.length] ?? [],
});

const timesOf = (index: number) => ({
  lastAccessAt: index % 3 === 0 ? null : (dates[index % dates.length] ?? null),
  expiresAt: index % 4 === 0 ? (dates[(index >> 2) % dates.length] ?? null) : null,
});

/** Tokens with ties and nulls in every order field. */
async function createTokens(server: TestServer): Promise<ModelToken[]> {
  const names = { admin: "Ada Admin", otherAdmin: "Bo Admin" };
  const tokens: ModelToken[] = [];
  for (const [batch, createdAt] of dates.entries()) {
    server.clock.stopAt(createdAt);
    const sessions = { admin: await server.signIn("admin"), otherAdmin: await server.signIn("otherAdmin") };
    const create = async (index: number): Promise<ModelToken> => {
      const by = index % 3 === 0 ? "otherAdmin" : "admin";
      const wanted = wantedOf(index);
      const { id } = await server.createToken(wanted, sessions[by]);
      const [createdById, createdByName] = [people[by].id, names[by]];
      return {
        ...wanted,
        id,
        status: "ACTIVE",
        createdById,
        createdByName,
        createdAt,
        disabledAt: null,
        ipRanges: [],
        ...timesOf(index),
      };
    };
    for (let index = batch; index < tokenCount; index += dates.length) tokens.push(await create(index));
  }
  server.clock.stopAt(null);
  await change(server, tokens);
  return tokens;
}

/** Sets what requests cannot: last accesses, past expiries and creations by the command line. */
async function change(server: TestServer, tokens: ModelToken[]): Promise<void> {
  const { manager } = server.app.dataSource;
  const admin = await server.signIn("admin");
  for (const [index, token] of tokens.entries()) {
    const { id, lastAccessAt, expiresAt } = token;
    if (index % 17 === 0) {
      Object.assign(token, { createdById: null, createdByName: null });
      await manager.update(ApiTokenEntity, { id }, { createdById: null, createdByName: null, createdByKey: null });
    }
    if (expiresAt) await manager.update(ApiTokenEntity, { id }, { expiresAt });
    if (lastAccessAt) await manager.update(ApiTokenAccessEntity, { tokenId: id }, { lastAccessAt });
    if (index % 6 === 0) {
      token.status = index % 24 === 0 ? "DELETED" : "DISABLED";
      await admin.mutate(token.status === "DELETED" ? "deleteApiToken" : "disableApiToken", { id });
    }
    await setDisabledAt(server, token, dates[index % dates.length] as Date);
  }
}
