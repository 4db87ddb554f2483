import fc from "fast-check";
import { execute, getOperationAST, parse } from "graphql";
import { type KnownIds, randomNumbers, randomRequest } from "../../bench/random-request.mjs";
import { createSchema } from "../../src/app/schema.js";
import { maxCost } from "../../src/context/budget.js";
import { createRequestContext } from "../../src/context/request-context.js";
import { RequestError } from "../../src/core/errors.js";
import { callerOfSession } from "../../src/features/sessions/find-session.js";
import { costOfOperation } from "../../src/graphql/cost.js";
import type { Client } from "../support/client.js";
import { accounts, modules, people } from "../support/platform.js";
import { propertyRuns } from "../support/property-runs.js";
import { useServer } from "../support/test-server.js";

const schema = createSchema();
const runs = propertyRuns(150);

function measured(query: string, variables: Record<string, unknown>) {
  const document = parse(query);
  const operation = getOperationAST(document);
  const found = operation && costOfOperation(schema, document, operation, variables);
  if (!found) throw new Error("The request cannot be measured.");
  return found;
}

/** A rejected request counts as more expensive than any limit. */
function measuredOrRejected(query: string, variables: Record<string, unknown>) {
  try {
    return measured(query, variables);
  } catch (error) {
    if (error instanceof RequestError) return { cost: Number.POSITIVE_INFINITY, withoutRows: 0 };
    throw error;
  }
}

/** The number of fields in all rows. */
function fieldsIn(data: unknown): number {
  if (Array.isArray(data)) return data.reduce((total, each) => total + fieldsIn(each), 0);
  if (typeof data !== "object" || data === null) return 0;
  return Object.values(data).reduce((total: number, each) => total + 1 + fieldsIn(each), 0);
}

describe("Request cost", () => {
  const server = useServer();
  let admin: Client;
  let ids: KnownIds;

  beforeAll(async () => {
    admin = await server().as("admin");
    const moduleIds = [modules.accessManagement, modules.audit, modules.catalogue, modules.orders];
    const token: string[] = [];
    for (let index = 0; index < 25; index++) token.push((await server().createToken({ moduleIds })).id);
    for (const action of ["disableApiToken", "enableApiToken", "rotateApiToken"])
      for (const id of token.slice(0, 6)) await admin.mutate(action, { id });
    const { id: record } = (await server().trail())[0];
    ids = {
      account: [accounts.client],
      module: moduleIds,
      record: [record],
      token,
      user: Object.values(people).map(({ id }) => id),
    };
  });

  test("The estimated cost of a request covers its charge, which covers the fields it returns", async () => {
    const { app } = server();
    const caller = await callerOfSession(app, admin.cookies.get("hallpass") ?? "", { ip: null, userAgent: null });
    let accepted = 0;
    const holds = fc.asyncProperty(fc.integer(), async (seed) => {
      const { query, variables } = randomRequest(schema, randomNumbers(seed), ids, { mutations: false });
      const { cost, withoutRows } = measuredOrRejected(query, variables);
      if (cost > maxCost) return;
      const origin = { ip: null, userAgent: null, requestId: null };
      const session = { caller, namedAccountId: null, sessionId: null, setSessionCookie() {} };
      const context = createRequestContext(app, { ...session, origin });
      const document = parse(query);
      const { data, errors } = await execute({ schema, document, variableValues: variables, contextValue: context });
      if (errors) return;
      accepted++;
      const charged = withoutRows + maxCost - context.budget.left;
      expect(cost).toBeGreaterThanOrEqual(charged);
      expect(charged).toBeGreaterThanOrEqual(fieldsIn(data));
    });
    await fc.assert(holds, { numRuns: runs });
    expect(accepted).toBeGreaterThan(runs / 2);
  });

  const page = (args: string) => `{ apiTokens(${args}) { nodes { id name } } }`;
  const ofTen = 1_000 + 10 * (3 + 1 + (3 + 2));

  test.each<[string, string, object, number]>([
    ["A page without a size costs as much as a page of ten", "{ apiTokens { nodes { id name } } }", {}, ofTen],
    ["A page with a null size costs as much as one without", page("first: null, last: null"), {}, ofTen],
    ["A page from the end costs as much as one from the start", page("first: null, last: 10"), {}, ofTen],
    [
      "A page whose size is a variable is charged by its value",
      "query ($n: Int) { apiTokens(last: $n) { nodes { id name } } }",
      { n: 10 },
      ofTen,
    ],
    [
      "A page whose size is an absent variable is charged by its default",
      "query ($n: Int = 10) { apiTokens(last: $n) { nodes { id name } } }",
      {},
      ofTen,
    ],
    [
      "A page whose size is a null variable costs as much as one without a size",
      "query ($n: Int = 90) { apiTokens(first: $n) { nodes { id name } } }",
      { n: null },
      ofTen,
    ],
    [
      "A field is charged for each alias",
      "{ a: apiTokens { nodes { id name } } b: apiTokens { nodes { id name } } }",
      {},
      2 * ofTen,
    ],
    [
      "A fragment is charged wherever it is spread",
      "{ a: apiTokens { ...F } b: apiTokens { ...F } } fragment F on ApiTokenConnection { nodes { id name } }",
      {},
      2 * ofTen,
    ],
    [
      "A field that is skipped or not included costs nothing",
      `query ($no: Boolean!, $yes: Boolean = true) { apiTokens { nodes { id name
         usage(days: 90) @include(if: $no) { day } ... @skip(if: $yes) { auditTrail(last: 100) { totalCount } } } } }`,
      { no: false },
      ofTen,
    ],
    [
      "Nodes and edges are both charged",
      "{ apiTokens { nodes { id name } edges { cursor node { id } } } }",
      {},
      ofTen + 10 * (1 + (3 + 1 + 1 + (3 + 1))),
    ],
    [
      "Fragments on several types are all charged",
      `{ node(id: "x") { ... on ApiToken { usage { day } } ... on Account { name } } }`,
      {},
      300 + 3 + (40 + 30 * (3 + 1)) + 1,
    ],
    [
      "A count is charged for each alias",
      "{ auditTrail(first: 1) { a: totalCount b: totalCount } }",
      {},
      1_000 + 3 + 2,
    ],
    [
      "An order of several levels costs a sort",
      page("orderBy: [{ field: NAME, direction: ASC }, { field: STATUS, direction: ASC }]"),
      {},
      ofTen + 3_000,
    ],
    [
      "Each condition and each entry of its list is charged",
      `query ($f: ApiTokenFilter) { apiTokens(filter: $f) { nodes { id name } } }`,
      { f: { search: "a", or: [{ moduleIds: ["MOD-1"] }, { createdByIds: ["USR-1", "USR-2"] }] } },
      ofTen + 1_500 + 500 + (2_200 + 1) + (500 + 2),
    ],
    [
      "A far page is charged twice for its filter",
      page(`offset: 1000, filter: { search: "a" }`),
      {},
      ofTen + 2 * (1_500 + 500),
    ],
  ])("%s", (_what, query, variables, cost) => {
    expect(measured(query, { ...variables }).cost).toBe(cost);
  });

  test.each([
    ["no rows", page("first: 0"), "'first' must be from 1 to 100."],
    ["fewer than no rows", page("last: -1"), "'last' must be from 1 to 100."],
    ["too many rows", page("first: 2147483647"), "'first' must be from 1 to 100."],
    ["rows from both ends", page("first: 1, last: 1"), "Use either 'first' or 'last', not both."],
  ])("A request for %s is rejected before it runs", async (_what, query, message) => {
    const { status, errors, data } = await admin.ask(query);
    expect([status, data, errors[0]?.extensions.code, errors[0]?.message]).toEqual([
      400,
      null,
      "BAD_USER_INPUT",
      message,
    ]);
  });

  test("A mutation with an invalid selection changes nothing", async () => {
    const query = `mutation ($id: ID!) { disableApiToken(input: { id: $id }) { apiToken { usage(days: 91) { day } } } }`;
    const { status, errors } = await admin.ask(query, { id: ids.token[0] });
    expect([status, errors[0]?.message]).toEqual([400, "'days' must be from 1 to 90."]);
    expect(
      (await admin.data("query ($id: ID!) { apiToken(id: $id) { status } }", { id: ids.token[0] })).apiToken,
    ).toEqual({
      status: "ACTIVE",
    });
  });
});
