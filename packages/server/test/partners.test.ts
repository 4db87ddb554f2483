import { buildSchema, printSchema } from "graphql";
import { createSchema } from "../src/app/schema.js";
import { accounts, modules } from "./support/platform.js";
import { useServer } from "./support/test-server.js";

const dayMs = 86_400_000;

describe("What partners’ programs rely on", () => {
  const server = useServer();

  test("nodes returns objects of any kind in the order of their IDs, and null for those that are not there", async () => {
    const admin = await server().as("admin");
    const token = await server().createToken();
    const other = await server().createToken({}, "operator");
    const { users } = await admin.data("{ users { id } }");
    const ids = [other.id, users[0].id, token.id, "junk", modules.catalogue, accounts.client, token.id];
    const { nodes } = await admin.data("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", { ids });
    expect(nodes).toEqual([
      null,
      { __typename: "User", id: users[0].id },
      { __typename: "ApiToken", id: token.id },
      null,
      { __typename: "Module", id: modules.catalogue },
      { __typename: "Account", id: accounts.client },
      { __typename: "ApiToken", id: token.id },
    ]);
  });

  test("nodes accepts up to 100 IDs, and reads tokens with one statement", async () => {
    const admin = await server().as("admin");
    const tokens = await Promise.all(Array.from({ length: 10 }, () => server().createToken()));
    const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    const ids = Array.from({ length: 100 }, (_, index) => tokens[index % 10]?.id);
    const statements = await server().statementsOf(() => admin.data(query, { ids }));
    expect(statements.filter((sql) => /FROM .api_token. /.test(sql)).length).toBe(1);
    const { errors } = await admin.ask(query, { ids: [...ids, "TKN-0000-0000"] });
    expect(errors[0]).toMatchObject({
      message: "Ask for up to 100 IDs at a time.",
      extensions: { code: "BAD_USER_INPUT" },
    });
  });

  test("GET /graphql/schema.graphql returns the schema as text", async () => {
    const answer = await server().nobody().fetch("/graphql/schema.graphql");
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const text = await answer.text();
    expect(text).toBe(printSchema(createSchema()));
    expect(buildSchema(text).getQueryType()?.name).toBe("Query");
  });

  test("A safe X-Request-Id is returned and recorded, any other is replaced", async () => {
    const admin = await server().as("admin");
    const sent = (id: string) => admin.copy({ "X-Request-Id": id }).fetch("/healthz");
    for (const id of ["0af7651916cd43dd8448eb211c80319c", "Root=1-67891233-abcdef012345678912345678", "a".repeat(64)])
      expect((await sent(id)).headers.get("x-request-id")).toBe(id);
    for (const id of ["a b", "a".repeat(65), "a\tb", 'a"b', "ä", "{}"])
      expect((await sent(encodeURI(id) === id ? id : "<x>")).headers.get("x-request-id")).toMatch(/^[\da-f-]{36}-\w+$/);
  });

  test("Every answer to a token that expires within 7 days tells when", async () => {
    const expiring = async (ms: number | null) =>
      server().createToken({ expiresAt: ms === null ? null : new Date(Date.now() + ms).toISOString() });
    for (const [ms, tells] of [
      [7 * dayMs - 60_000, true],
      [60_000, true],
      [7 * dayMs + 60_000, false],
      [null, false],
    ] as const) {
      const { value } = await expiring(ms);
      const program = server().program(value);
      const ask = {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: '{"query":"{ __typename }"}',
      };
      for (const answer of [await program.fetch("/authorize"), await program.fetch("/graphql", ask)]) {
        expect(answer.status).toBe(200);
        const at = answer.headers.get("hallpass-expires-at");
        expect({ ms, at }).toEqual({ ms, at: tells ? expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) : null });
      }
    }
  });
});

describe("With HALLPASS_INTROSPECTION=off", () => {
  const server = useServer({ env: { HALLPASS_INTROSPECTION: "off" } });

  test("The schema’s text is not served either", async () => {
    expect((await server().nobody().fetch("/graphql/schema.graphql")).status).toBe(404);
  });
});
