import fc from "fast-check";
import { seed, seedPassword } from "../../src/commands/seed.js";
import type { Client } from "../support/client.js";
import { propertyRuns } from "../support/property-runs.js";
import { useServer } from "../support/test-server.js";

interface Token {
  id: string;
  name: string;
  description: string | null;
  creator: string;
}

// More than MariaDB's sample, so that searches use the index.
const seeded = 700;
const odd = ["Straße 😀 робот", "İstanbul", "a'b\"c +d -e *", "from that this with", "🤖🤖🤖🤖"];

describe("Search", () => {
  const server = useServer({ platform: null });
  let administrator: Client;
  let tokens: Token[];

  beforeAll(async () => {
    const [account] = await seed(server().app, { accounts: 2, tokens: seeded });
    administrator = server().nobody();
    await administrator.mutate("signIn", { email: account?.email, password: seedPassword });
    const ids = await found({});
    for (const [index, name] of odd.entries())
      await administrator.mutate("updateApiToken", { id: ids[index], name, description: `About ${name}` });
    for (const name of ["Alpha", "Beta"]) {
      const { apiToken } = await administrator.mutate("createApiToken", { name, moduleIds: ["MOD-1255"] });
      expect(apiToken.name).toBe(name);
    }
    tokens = await listed();
  });

  async function listed(): Promise<Token[]> {
    const all: Token[] = [];
    for (let after: string | null = null; ; ) {
      const { apiTokens } = await administrator.data(
        `query ($after: String) { apiTokens(first: 100, after: $after) {
          nodes { id name description events { kind by { name } } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      for (const { events, ...token } of apiTokens.nodes)
        all.push({ ...token, creator: events.find(({ kind }: { kind: string }) => kind === "CREATED").by.name });
      if (!apiTokens.pageInfo.hasNextPage) return all;
      after = apiTokens.pageInfo.endCursor;
    }
  }

  /** IDs that the filter finds, newest first, and how many there are. */
  async function search(filter: object): Promise<{ ids: string[]; total: number }> {
    const ids: string[] = [];
    for (let after: string | null = null; ; ) {
      const { apiTokens } = await administrator.data(
        `query ($filter: ApiTokenFilter, $after: String) { apiTokens(first: 100, after: $after, filter: $filter) {
          totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`,
        { filter, after },
      );
      ids.push(...apiTokens.nodes.map(({ id }: Token) => id));
      if (!apiTokens.pageInfo.hasNextPage) return { ids, total: apiTokens.totalCount };
      after = apiTokens.pageInfo.endCursor;
    }
  }
  const found = async (filter: object) => (await search(filter)).ids;
  const idsWhere = (is: (token: Token) => boolean) => tokens.filter(is).map(({ id }) => id);
  const textOf = ({ name, id, description, creator }: Token) =>
    [name, id, description ?? "", creator].join("\n").toLowerCase();

  /** Text from a token, sometimes with a letter changed. */
  const term = fc
    .record({ token: fc.nat(), at: fc.nat(), length: fc.integer({ min: 1, max: 14 }), isChanged: fc.boolean() })
    .map(({ token, at, length, isChanged }) => {
      const text = [...textOf(tokens[token % tokens.length] as Token)];
      const start = at % text.length;
      const part = text.slice(start, start + length);
      if (isChanged) part[at % part.length] = "7";
      return part.join("").replaceAll("\n", " ").trim();
    })
    .filter(Boolean);

  test("A search finds the tokens that contain the text, and no others", async () => {
    await fc.assert(
      fc.asyncProperty(term, async (text) => {
        const expected = idsWhere((token) => textOf(token).includes(text));
        expect({ text, ...(await search({ search: text })) }).toEqual({ text, ids: expected, total: expected.length });
      }),
      { numRuns: propertyRuns(60) },
    );
  }, 600_000);

  test.each(odd)("Part of the name %s finds its token", async (name) => {
    for (const [start, end] of [
      [0, 3],
      [1, undefined],
      [-4, undefined],
    ] as const) {
      const text = [...name].slice(start, end).join("");
      expect(await found({ search: text })).toEqual(idsWhere((token) => textOf(token).includes(text.toLowerCase())));
    }
  });

  test.each([
    ["contains", (name: string, text: string) => name.includes(text)],
    ["startsWith", (name: string, text: string) => name.startsWith(text)],
    ["equals", (name: string, text: string) => name === text],
  ])("A name that %s a text", async (condition, holds) => {
    for (const text of ["Billing robot 1", "robot 69", "BILLING ROBOT 1", "Straße", "no such name"])
      expect(await found({ name: { [condition]: text } })).toEqual(
        idsWhere(({ name }) => holds(name.toLowerCase(), text.toLowerCase())),
      );
  });

  test("A search combined with other conditions finds what meets all of them", async () => {
    const status = await found({ status: ["DISABLED"] });
    expect(status.length).toBeGreaterThan(0);
    for (const filter of [
      { search: "robot 6", status: ["DISABLED"] },
      { and: [{ search: "robot 6" }, { status: ["DISABLED"] }] },
      { and: [{ name: { contains: "robot" } }, { search: "robot 6" }], status: ["DISABLED"] },
      { not: { or: [{ not: { search: "robot 6" } }, { status: ["ACTIVE"] }] } },
    ])
      expect(await found(filter)).toEqual(
        idsWhere((token) => textOf(token).includes("robot 6") && status.includes(token.id)),
      );
    expect(await found({ or: [{ search: "robot 6" }, { name: { equals: "Alpha" } }] })).toEqual(
      idsWhere((token) => textOf(token).includes("robot 6") || token.name === "Alpha"),
    );
  });

  test("A renamed token is found by its new name and description, and no longer by the old ones", async () => {
    const { apiToken } = await administrator.mutate("createApiToken", {
      name: "Nightly import",
      description: "Warehouse in Lisbon",
      moduleIds: ["MOD-1255"],
    });
    const { id } = apiToken;
    expect(await found({ search: "tly imp" })).toEqual([id]);
    await administrator.mutate("updateApiToken", { id, name: "Weekly export" });
    expect(await found({ search: "tly imp" })).toEqual([]);
    expect(await found({ search: "kly exp" })).toEqual([id]);
    expect(await found({ search: "Lisbon" })).toEqual([id]);
    await administrator.mutate("updateApiToken", { id, description: null });
    expect(await found({ search: "Lisbon" })).toEqual([]);
    await administrator.mutate("deleteApiToken", { id });
    expect(await found({ search: "kly exp" })).toEqual([]);
  });

  test("A creator is found by their new name", async () => {
    const [{ created_by_id: id }] = await server().sql("SELECT created_by_id FROM api_token WHERE id = ?", [
      tokens.at(-1)?.id,
    ]);
    await server().sql(
      "UPDATE api_token SET created_by_name = 'Zoë Quill', created_by_key = 'zoë quill' WHERE created_by_id = ?",
      [id],
    );
    expect((await search({ search: "Zoë" })).total).toBe(tokens.length);
    expect((await search({ search: "seeded adm" })).total).toBe(0);
  });

  test("Text of another account finds nothing", async () => {
    const [other] = await server().sql(
      "SELECT id FROM api_token WHERE account_id <> (SELECT account_id FROM api_token WHERE id = ?)",
      [tokens[0]?.id],
    );
    expect(await search({ search: other.id })).toEqual({ ids: [], total: 0 });
  });
});

describe("A list of more than 10,000 tokens", () => {
  const server = useServer({ platform: null });
  let administrator: Client;
  beforeAll(async () => {
    const [account] = await seed(server().app, { accounts: 1, tokens: 10_800 });
    administrator = server().nobody();
    await administrator.mutate("signIn", { email: account?.email, password: seedPassword });
  });
  const counts = (filter: object | null, limit: number) =>
    administrator.data(
      `query ($filter: ApiTokenFilter, $limit: Int!) {
        apiTokens(first: 1, filter: $filter) { totalCount countUpTo(limit: $limit) }
        auditTrail(first: 1) { totalCount countUpTo(limit: $limit) } }`,
      { filter, limit },
    );

  test.each([
    ["All tokens", null, 10_260],
    ["What most match", { search: "robot" }, 10_260],
    ["A module of all", { moduleIds: ["MOD-1255"] }, 10_260],
    ["What has been created", { createdAt: { from: "2000-01-01T00:00:00.000Z" } }, 10_260],
    ["A search", { search: "billing" }, 1_350],
    ["A name and a status", { name: { contains: "robot" }, status: ["ACTIVE"] }, 8_640],
    ["Unused ones", { neverUsed: true }, 2_700],
    ["Active ones", { status: ["ACTIVE"] }, 8_640],
  ])("%s are counted up to a limit", async (_, filter, total) => {
    for (const limit of [1, total - 1, total, total + 1, 10_000, 10_001, 20_000]) {
      const { apiTokens } = await counts(filter, limit);
      expect({ limit, ...apiTokens }).toEqual({ limit, totalCount: total, countUpTo: Math.min(limit, total) });
    }
  });

  test("Audit records are counted up to a limit", async () => {
    const { auditTrail } = await counts(null, 2);
    expect(auditTrail).toEqual({ totalCount: expect.any(Number), countUpTo: 2 });
    expect((await counts(null, 10_000)).auditTrail.countUpTo).toBe(auditTrail.totalCount);
  });

  test.each([{ or: [] }, { not: {} }])("What matches nothing has no rows and counts none: %j", async (nothing) => {
    for (const filter of [nothing, { search: "robot", ...nothing }, { and: [nothing], moduleIds: ["MOD-1255"] }])
      expect((await counts(filter, 10_001)).apiTokens).toEqual({ totalCount: 0, countUpTo: 0 });
  });

  test("However many limits are asked for, rows are counted twice at most", async () => {
    const asked = Array.from({ length: 100 }, (_, index) => `c${index}: countUpTo(limit: ${10_050 + index})`);
    const query = `{ apiTokens(first: 1, filter: { search: "robot" }) { totalCount few: countUpTo(limit: 5) ${asked} } }`;
    const statements = await server().statementsOf(() => administrator.data(query));
    expect(statements.filter((sql) => /COUNT/.test(sql)).length).toBeLessThanOrEqual(3);
  });

  test("A filter of many searches looks up two of them", async () => {
    const filter = { and: Array.from({ length: 19 }, () => ({ search: "robot" })) };
    const query = "query ($filter: ApiTokenFilter) { apiTokens(first: 1, filter: $filter) { nodes { id } } }";
    const statements = await server().statementsOf(() => administrator.data(query, { filter }));
    expect(statements.length).toBeLessThan(20);
  });

  test("A search that finds nothing reads no page of tokens", async () => {
    const statements = await server().statementsOf(() =>
      administrator.data('{ apiTokens(filter: { search: "no such token" }) { totalCount nodes { id } } }'),
    );
    expect(statements.filter((sql) => /ORDER BY.*created_at/.test(sql))).toEqual([]);
  });

  test.each([{}, { noExpiry: true }, { neverUsed: true }, { search: "robot", status: ["DISABLED"] }])(
    "A request for nothing but the number of tokens reads none of them: %j",
    async (filter) => {
      const ask = (fields: string) =>
        administrator.data(`query ($filter: ApiTokenFilter) { apiTokens(first: 1, filter: $filter) { ${fields} } }`, {
          filter,
        });
      let alone: object = {};
      const statements = await server().statementsOf(async () => {
        alone = await ask("totalCount countUpTo __typename");
      });
      expect(statements.filter((sql) => /ORDER BY.*created_at/.test(sql))).toEqual([]);
      const { apiTokens } = await ask(
        "totalCount countUpTo __typename nodes { id } pageInfo { hasNextPage endCursor }",
      );
      const { nodes, pageInfo, ...counted } = apiTokens;
      expect({ alone, nodes, pageInfo }).toEqual({
        alone: { apiTokens: counted },
        nodes: [{ id: expect.any(String) }],
        pageInfo: { hasNextPage: true, endCursor: expect.any(String) },
      });
      expect((await ask("... { totalCount nodes { id } }")).apiTokens).toEqual({
        totalCount: counted.totalCount,
        nodes,
      });
    },
  );

  test.each([{ neverUsed: true }, { name: { contains: "robot" } }, { moduleIds: ["MOD-1255"] }])(
    "A condition in a group takes the same statements as by itself: %j",
    async (condition) => {
      const alone = await statementsFor(condition);
      expect(await statementsFor({ and: [condition] })).toEqual(alone);
      expect(await statementsFor({ and: [{ and: [condition] }] })).toEqual(alone);
    },
  );

  test.each([{ and: [] }, { and: [{}, { and: [{ name: {} }] }] }, { lastAccessAt: {} }])(
    "A filter of empty conditions takes the same statements as none: %j",
    async (filter) => expect(await statementsFor(filter)).toEqual(await statementsFor({})),
  );

  /** Statements that read tokens. */
  async function statementsFor(filter: object): Promise<string[]> {
    const query = "query ($filter: ApiTokenFilter) { apiTokens(filter: $filter) { countUpTo nodes { id } } }";
    const statements = await server().statementsOf(() => administrator.data(query, { filter }));
    return statements.filter((sql) => /api_token/.test(sql));
  }

  test("A list that is only counted rejects what a list with rows rejects", async () => {
    const moduleIds = ["MOD-1255", ...Array.from({ length: 100 }, (_, index) => `MOD-${5_000 + index}`)];
    for (const filter of [{ moduleIds }, { and: [{ moduleIds: ["MOD-1255"] }, { createdByIds: moduleIds }] }])
      for (const field of ["totalCount", "countUpTo", "nodes { id }"]) {
        const query = `query ($filter: ApiTokenFilter) { apiTokens(filter: $filter) { ${field} } }`;
        const { errors } = await administrator.ask(query, { filter });
        expect({ field, ...errors[0] }).toMatchObject({
          field,
          message: "A list in a filter can have up to 100 entries.",
          extensions: { code: "BAD_USER_INPUT" },
        });
      }
    const { errors } = await administrator.ask('{ apiTokens(after: "x") { totalCount } }');
    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });

  test("A limit below 1 is an error", async () => {
    const { errors } = await administrator.ask("{ apiTokens { countUpTo(limit: 0) } }");
    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });

  test.each([
    [["STATUS ASC", "NAME DESC"], "status, name_key DESC, id DESC", null],
    [["EXPIRES_AT DESC", "CREATED_AT ASC"], "expires_at DESC, created_at, id", null],
    [["MODULE_COUNT ASC", "STATUS DESC", "NAME ASC"], "module_count, status DESC, name_key, id", { search: "robot" }],
    [["MODULE_COUNT DESC", "LAST_ACCESS_AT ASC"], "module_count DESC, last_access_at, id", null],
    [["STATUS DESC", "LAST_ACCESS_AT DESC", "NAME ASC"], "status DESC, last_access_at DESC, name_key, id", null],
    [["LAST_ACCESS_AT ASC", "CREATED_AT DESC"], "last_access_at, created_at DESC, id DESC", { search: "robot" }],
  ])("In the order %s, pages are those of a sorted list", async (levels, order, filter) => {
    const orderBy = levels.map((level) => ({ field: level.split(" ")[0], direction: level.split(" ")[1] }));
    const rows = await server().sql(
      `SELECT id FROM api_token JOIN api_token_access ON token_id = id WHERE api_token.deleted = 0 ORDER BY ${order}`,
    );
    const ids: string[] = rows.map(({ id }: Token) => id);
    const page = async (position: object) =>
      (
        await administrator.data(
          `query ($first: Int, $last: Int, $offset: Int, $after: String, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {
            apiTokens(first: $first, last: $last, offset: $offset, after: $after, filter: $filter, orderBy: $orderBy) {
              nodes { id } pageInfo { endCursor } } }`,
          { ...position, filter, orderBy },
        )
      ).apiTokens;
    const idsOf = ({ nodes }: { nodes: Token[] }) => nodes.map(({ id }) => id);
    for (const offset of [0, 300, 5_000, 10_200]) {
      const found = await page({ first: 20, offset });
      expect({ offset, ids: idsOf(found) }).toEqual({ offset, ids: ids.slice(offset, offset + 20) });
      const next = await page({ first: 20, after: found.pageInfo.endCursor });
      expect({ offset, next: idsOf(next) }).toEqual({ offset, next: ids.slice(offset + 20, offset + 40) });
    }
    expect(idsOf(await page({ last: 20 }))).toEqual(ids.slice(-20));
  });

  test("Among many tokens, an order of several levels is read level by level", async () => {
    const statements = await server().statementsOf(() =>
      administrator.data(`{ apiTokens(orderBy: [{ field: MODULE_COUNT, direction: DESC },
        { field: LAST_ACCESS_AT, direction: ASC }]) { nodes { id } } }`),
    );
    expect(statements.filter((sql) => /ORDER BY.*last_access_at/.test(sql)).length).toBeGreaterThan(0);
    expect(statements.filter((sql) => /ORDER BY.*module_count.*last_access_at/.test(sql))).toEqual([]);
  });

  test("A cursor stays valid when a condition that few tokens met is met by more", async () => {
    // Up to 1,000 are looked up and sorted. More are read in the order of the list.
    const { apiTokens } = await administrator.data("{ apiTokens(first: 1, offset: 999) { nodes { createdAt } } }");
    const from = apiTokens.nodes[0].createdAt;
    const page = async (after: string | null) =>
      (
        await administrator.data(
          `query ($from: DateTime, $after: String) { apiTokens(first: 10, after: $after,
            filter: { createdAt: { from: $from } }, orderBy: [{ field: LAST_ACCESS_AT, direction: DESC }]) {
            totalCount nodes { id } pageInfo { endCursor } } }`,
          { from, after },
        )
      ).apiTokens;
    const first = await page(null);
    expect(first.totalCount).toBe(1_000);
    const expected = await page(first.pageInfo.endCursor);
    await administrator.mutate("createApiToken", { name: "Another", moduleIds: ["MOD-1255"] });
    expect(await page(first.pageInfo.endCursor)).toEqual({ ...expected, totalCount: 1_001 });
  });
});
