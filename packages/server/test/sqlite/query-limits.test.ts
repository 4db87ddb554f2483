import type { Client } from "../support/client.js";
import { accounts, modules, people } from "../support/platform.js";
import { useServer } from "../support/test-server.js";

const repeat = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => each(i)).join(" ");

/** Rejecting a request costs less than answering a small one. bench/worst-request.mjs measures both. */
describe("Query limits", () => {
  const server = useServer();
  let admin: Client;
  let id: string;

  beforeAll(async () => {
    admin = await server().as("admin");
    id = (await server().createToken()).id;
  });

  const signIn = (index: number) =>
    `s${index}: signIn(input: { email: "nobody${index}@client.example", password: "x" }) { userErrors { code } }`;
  const create = (index: number) =>
    `c${index}: createApiToken(input: { name: "Robot", moduleIds: ["${modules.catalogue}"] }) { apiToken { id } }`;
  const nested = (count: number) =>
    `{ viewer { ...f0 } } ${repeat(count, (i) => `fragment f${i} on Viewer { ...f${i + 1} ...f${i + 1} }`)}
     fragment f${count} on Viewer { role }`;
  const circle = `{ viewer { ...a } } fragment a on Viewer { ...b ...b } fragment b on Viewer { ...a ...a }`;
  const deep = (levels: number) =>
    `{ node(id: "x") ${"{ ... on ApiToken { createdBy ".repeat(levels)} { id } ${"} }".repeat(levels)} }`;

  test.each<[string, string, RegExp]>([
    ["142 kB of nested fragments", nested(3_200), /tokens/],
    ["10,000 aliases", `{ ${repeat(10_000, (i) => `a${i}: viewer { role }`)} }`, /tokens/],
    ["21 fields at the root", `{ ${repeat(21, (i) => `a${i}: viewer { role }`)} }`, /up to 20 fields at the root/],
    [
      "21 root fields in fragments",
      `{ ...a ...b } fragment a on Query { ${repeat(11, (i) => `a${i}: viewer { role }`)} } fragment b on Query { ${repeat(10, (i) => `b${i}: viewer { role }`)} }`,
      /up to 20 fields at the root/,
    ],
    ["circular fragments", circle, /itself/],
    ["fields nested too deep", deep(21), /up to 20 fields deep/],
    [
      "pages of pages",
      "{ apiTokens(first: 100) { nodes { auditTrail(first: 100) { nodes { id event } } } } }",
      /Request cost [\d,]+ exceeds the limit of 30,000/,
    ],
    [
      "repeated usage of a page",
      `{ ${repeat(3, (i) => `a${i}: apiTokens(first: 100) { nodes { usage(days: 90) { day } } }`)} }`,
      /Request cost [\d,]+ exceeds the limit of 30,000/,
    ],
    ["4 sign-ins", `mutation { ${repeat(4, signIn)} }`, /Request cost 32,/],
    ["3 creations, each with a possible logo", `mutation { ${repeat(3, create)} }`, /Request cost 36,/],
    ["aliased introspection", "{ a: __schema { types { name } } b: __schema { types { name } } }", /aliases/],
    [
      "2 verifications of the trail",
      "{ a: auditTrailVerification { records } b: auditTrailVerification { records } }",
      /Request cost 40,/,
    ],
  ])("A request with %s is rejected before it runs", async (_what, query, why) => {
    const before = await server().sql("SELECT COUNT(*) AS records FROM audit_record");
    const { status, errors, data } = await admin.ask(query);
    expect([status, data]).toEqual([400, null]);
    expect(errors.map(({ message }) => message).join()).toMatch(why);
    expect(errors[0]?.extensions.code).toMatch(/^GRAPHQL_(PARSE|VALIDATION)_FAILED$/);
    expect(await server().sql("SELECT COUNT(*) AS records FROM audit_record")).toEqual(before);
  });

  const trails = (args: string) => `apiTokens(first: 100) { nodes { auditTrail(${args}) { nodes { id event } } } }`;

  test.each<[string, string, object]>([
    ["first", `{ ${trails("first: 100")} }`, {}],
    ["last", `{ ${trails("last: 100")} }`, {}],
    ["last beside a null first", `{ ${trails("first: null, last: 100")} }`, {}],
    ["last beside a first with a null variable", `query ($n: Int) { ${trails("first: $n, last: 100")} }`, { n: null }],
    ["last beside a first with an absent variable", `query ($n: Int) { ${trails("first: $n, last: 100")} }`, {}],
    ["a variable", `query ($n: Int) { ${trails("last: $n")} }`, { n: 100 }],
    ["a variable’s default", `query ($n: Int = 100) { ${trails("last: $n")} }`, {}],
  ])("A page of 100 rows costs the same if its size comes from %s", async (_where, query, variables) => {
    const before = await server().sql("SELECT COUNT(*) AS records FROM audit_record");
    const { status, errors, data } = await admin.ask(query, variables);
    expect([status, data, errors[0]?.extensions.code]).toEqual([400, null, "GRAPHQL_VALIDATION_FAILED"]);
    expect(errors[0]?.message).toBe((await admin.ask(`{ ${trails("first: 100")} }`)).errors[0]?.message);
    expect(await server().sql("SELECT COUNT(*) AS records FROM audit_record")).toEqual(before);
  });

  test("A page whose size is a variable is charged by its value", async () => {
    const query = "query ($n: Int) { apiTokens(first: $n) { nodes { auditTrail(first: $n) { nodes { id event } } } } }";
    expect((await admin.ask(query, { n: 1 })).errors).toEqual([]);
    expect((await admin.ask(query, { n: 100 })).errors[0]?.message).toMatch(/Request cost [\d,]+ exceeds/);
  });

  test.each([
    ["an argument", `query ($id: ID = "x") { apiToken(id: $id) { id } viewer { role } }`, { id: null }],
    ["a directive", "query ($if: Boolean = true) { viewer @include(if: $if) { role } }", { if: null }],
  ])("A null for %s that must have a value is rejected before anything runs", async (_what, query, variables) => {
    const { status, data, errors } = await admin.ask(query, variables);
    expect([status, data, errors[0]?.extensions.code]).toEqual([400, null, "BAD_USER_INPUT"]);
    expect(errors[0]?.message).toMatch(/must not be null/);
  });

  test("A filter is charged per condition, so 20 lists of 100 modules are rejected", async () => {
    const query = "query ($f: ApiTokenFilter) { apiTokens(filter: $f) { totalCount } }";
    const filter = { or: Array(20).fill({ moduleIds: Array(100).fill(modules.orders) }) };
    const { status, errors } = await admin.ask(query, { f: filter });
    expect([status, errors[0]?.message]).toEqual([400, expect.stringMatching(/^Request cost 4\d,\d+ exceeds/)]);
    expect((await admin.ask(query, { f: { or: filter.or.slice(0, 10) } })).errors).toEqual([]);
  });

  test("A request with 5 MB of variables is rejected", async () => {
    const body = JSON.stringify({ query: "{ viewer { role } }", variables: { a: "x".repeat(5_000_000) } });
    expect((await admin.askRaw(body).catch(() => ({ status: 413 }))).status).toBe(413);
  });

  test("A request with variables nested too deep is rejected", async () => {
    const variables = `{"f":${'{"not":'.repeat(5_000)}{}${"}".repeat(5_000)}}`;
    const query = "query ($f: ApiTokenFilter) { apiTokens(filter: $f) { totalCount } }";
    const { status, errors } = await admin.askRaw(`{"query":${JSON.stringify(query)},"variables":${variables}}`);
    expect([status, errors[0]?.message]).toEqual([400, "A variable can be nested up to 32 levels deep."]);
  });

  test("A batch of requests is rejected", async () => {
    const { status } = await admin.askRaw(
      JSON.stringify([{ query: "{ viewer { role } }" }, { query: "{ viewer { role } }" }]),
    );
    expect(status).toBe(400);
  });

  test.each([
    [
      "a page of 100 with everything the app shows",
      `{ apiTokens(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes {
      id name description iconUrl status moduleCount modules { id name } createdBy { id name } createdAt lastAccessAt
      expiresAt availableActions version events { kind at by { id name } } } } }`,
    ],
    [
      "a dashboard of five lists",
      `{ ${repeat(5, (i) => `a${i}: apiTokens(first: 50) { totalCount nodes { id name status } }`)} }`,
    ],
    ["20 small queries", `{ ${repeat(20, (i) => `a${i}: viewer { role }`)} }`],
  ])("A request for %s is accepted", async (_what, query) => {
    expect((await admin.ask(query)).errors).toEqual([]);
  });

  test("Each reveal in a request counts toward the person’s limit", async () => {
    const person = await server().signIn("otherAdmin");
    const reveals = `mutation { ${repeat(20, (i) => `r${i}: revealApiToken(input: { id: "${id}", purpose: SHOW }) { value }`)} }`;
    for (let round = 1; round <= 3; round++) expect((await person.ask(reveals)).errors).toEqual([]);
    const { status, errors, data } = await person.ask(reveals);
    expect([status, data]).toEqual([429, null]);
    expect(errors[0]?.extensions.code).toBe("RATE_LIMITED");
  });

  test("Each reveal in a request counts toward the IP address’s limit", async () => {
    const address = "198.51.100.7";
    const reveals = `mutation { ${repeat(20, (i) => `r${i}: revealApiToken(input: { id: "${id}", purpose: SHOW }) { value }`)} }`;
    const asked: number[] = [];
    for (const person of ["admin", "consultant", "admin"] as const) {
      const client = await server().signIn(person);
      for (let round = 1; round <= 3; round++)
        asked.push((await client.askRaw(JSON.stringify({ query: reveals }), { "X-Forwarded-For": address })).status);
    }
    expect(asked).toEqual([200, 200, 200, 200, 200, 200, 429, 429, 429]);
    expect(
      (
        await (
          await server().signIn("vendorAdmin")
        ).askRaw(JSON.stringify({ query: reveals }), { "X-Forwarded-For": address })
      ).status,
    ).toBe(429);
  });

  test("A list without pages is charged by its rows, and rejected beyond the limit", async () => {
    const people = Array.from({ length: 400 }, (_, i) => `USR-7000-${String(i).padStart(4, "0")}`);
    const values = people.map((each) => `('${each}', 'Person', '${each.toLowerCase()}@client.example', 'x')`);
    await server().sql(`INSERT INTO "user" (id, name, email, password_hash) VALUES ${values.join(", ")}`);
    const members = people.map((each) => `('${each}', '${accounts.client}', 'AUDITOR')`);
    await server().sql(`INSERT INTO membership (user_id, account_id, role) VALUES ${members.join(", ")}`);
    expect((await admin.ask("{ users { id name email } }")).errors).toEqual([]);
    const wide = `{ users { ${repeat(80, (i) => `a${i}: name`)} } }`;
    const { status, errors } = await admin.ask(wide);
    expect([status, errors[0]?.extensions.code]).toEqual([400, "BAD_USER_INPUT"]);
    expect(errors[0]?.message).toMatch(/Request cost exceeds the limit of 30,000/);
  });

  test("Aliases of one field in each row share a statement", async () => {
    const usage = `{ apiTokens { nodes { ${repeat(20, (i) => `a${i}: usage(days: ${i + 1}) { allowed }`)} } } }`;
    const few = await server().statementsOf(() => admin.data("{ apiTokens { nodes { usage(days: 1) { allowed } } } }"));
    expect((await server().statementsOf(() => admin.data(usage))).length).toBe(few.length);
  });

  test("Each sign-in in a request counts as an attempt", async () => {
    const client = server().nobody();
    const wrong = (index: number) =>
      `s${index}: signIn(input: { email: "${people.operator.email}", password: "x" }) { userErrors { code } }`;
    const three = `mutation { ${repeat(3, wrong)} }`;
    expect((await client.ask(three)).errors).toEqual([]);
    const { errors } = await client.ask(three);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(["RATE_LIMITED"]);
  });
});

describe("Disabled introspection", () => {
  const server = useServer({ env: { HALLPASS_INTROSPECTION: "off", HALLPASS_EXPLORER: "off" } });

  test("The schema is not disclosed if introspection is off", async () => {
    const asked = await server().nobody().ask("{ __schema { types { name } } }");
    expect([asked.status, asked.data]).toEqual([400, null]);
    const { errors } = await server().nobody().ask("{ viewr { role } }");
    expect(errors[0]?.message).not.toMatch(/Did you mean|viewer/);
    expect((await server().nobody().ask("{ viewer { __typename } }")).errors).toEqual([]);
  });

  test.each(["/graphiql", "/graphiql.html"])("The explorer at %s returns 404 if it is off", async (path) => {
    expect((await server().nobody().fetch(path)).status).toBe(404);
  });
});
