import type { GraphQLField } from "graphql";
import { createSchema } from "../src/app/schema.js";
import { rootFields } from "./support/access-table.js";
import { documentOf, rowFaults } from "./support/arguments.js";
import { type GraphqlAnswer, mutations } from "./support/client.js";
import { modules } from "./support/platform.js";
import { callerNames, createWorld, type World } from "./support/tenants.js";
import { useServer } from "./support/test-server.js";

// Tries each root field of the schema as each caller. The expected outcomes are in support/access-table.ts.

const schema = createSchema();
const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
  Object.values(type?.getFields() ?? {}).map((field: GraphQLField<unknown, unknown>) => ({
    name: `${type?.name}.${field.name}`,
    document: type ? documentOf(type, field) : "",
  })),
);

describe("Field access", () => {
  const server = useServer({ platform: null });
  let world: World;
  beforeAll(async () => {
    world = await createWorld(server());
  });

  const rowOf = (name: string) => {
    const row = rootFields[name];
    if (!row) throw new Error(`${name} has no row in support/access-table.ts: say who may call it.`);
    return row;
  };

  test("The access table has a row for every root field and no others", () => {
    const names = fields.map(({ name }) => name);
    expect(rowFaults("access-table", Object.keys(rootFields), names)).toEqual([]);
  });

  test.each(fields)("$name returns the expected outcome to each caller", async ({ name, document }) => {
    const { who, variables } = rowOf(name);
    const outcomes: Record<string, string> = {};
    for (const caller of callerNames) {
      const isOfSession = /sign|switch/.test(name);
      const { client, own } = isOfSession ? await world.newCaller(caller) : world.callers[caller];
      const answer = await client.ask(document, await variables(own));
      outcomes[caller] = outcomeOf(answer);
    }
    expect(outcomes).toEqual(who);
  });

  test.each(fields)("$name returns 401 for a disabled token", async (field) => {
    const { client } = world.tenants;
    const disabled = await client.createToken({ moduleIds: [modules.accessManagement] });
    await client.admin.mutate("disableApiToken", { id: disabled.id });
    const variables = await rowOf(field.name).variables(client);
    const answer = await server().program(disabled.value).ask(field.document, variables);
    expect([answer.status, outcomeOf(answer)]).toEqual([401, "UNAUTHENTICATED"]);
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  test("A change to another account’s token fails with NOT_FOUND and changes nothing", async () => {
    const theirs = await world.tenants.vendor.createToken();
    const { admin } = world.tenants.client;
    const before = await server().sql("SELECT * FROM api_token WHERE id = ?", [theirs.id]);
    for (const [name, more] of [
      ["updateApiToken", { name: "Mine now" }],
      ["enableApiToken", {}],
      ["disableApiToken", {}],
      ["deleteApiToken", {}],
      ["revealApiToken", { purpose: "SHOW" }],
    ] as const) {
      const { userErrors, ...rest } = await admin.mutate(name, { id: theirs.id, ...more });
      expect(userErrors).toEqual([{ code: "NOT_FOUND", field: ["id"], message: "API token not found." }]);
      expect(Object.values(rest)).toEqual([null]);
    }
    expect(await server().sql("SELECT * FROM api_token WHERE id = ?", [theirs.id])).toEqual(before);
  });

  test("An idempotency key applies only within its account", async () => {
    const { client, vendor } = world.tenants;
    const input = { name: "Once", moduleIds: [modules.accessManagement], idempotencyKey: "the same" };
    const [theirs, mine] = [await vendor.createToken(input), await client.createToken(input)];
    expect(mine.id).not.toBe(theirs.id);
    expect((await client.createToken(input)).id).toBe(mine.id);
  });

  test("A request without the required module returns 403 with the module’s ID", async () => {
    const client = world.callers.tokenWithNeither.client;
    const { status, headers, errors } = await client.ask("{ apiTokens { nodes { id } } }");
    expect(status).toBe(403);
    expect(headers.get("www-authenticate")).toBe(
      'Bearer realm="hallpass", error="insufficient_scope", scope="MOD-1255"',
    );
    expect(errors[0]?.message).toContain("MOD-1255");
    expect(errors[0]?.extensions).toMatchObject({ code: "FORBIDDEN", missingModule: "MOD-1255" });
  });

  test("Reading a token’s audit trail requires the Audit module, even for the token itself", async () => {
    const both = await world.tenants.client.createToken({ moduleIds: [modules.accessManagement, modules.audit] });
    const document = "query ($id: ID!) { apiToken(id: $id) { auditTrail { nodes { event } } } }";
    const { apiToken } = await server().program(both.value).data(document, { id: both.id });
    expect(apiToken.auditTrail.nodes).toEqual([{ event: "api_token.created" }]);

    const { data, errors } = await world.callers.tokenWithAccess.client.ask(document, { id: both.id });
    expect(data?.apiToken ?? null).toBeNull();
    expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
  });

  test("A token without Access management sees only its own name and modules", async () => {
    const { client, own } = world.callers.tokenWithNeither;
    const named = await client.data("{ viewer { actor { __typename id name } modules { id } } }");
    expect(named.viewer.modules).toEqual([{ id: own.ids.module }]);
    expect(named.viewer.actor).toMatchObject({ __typename: "ApiToken", name: `New ${own.mark}` });
    const { data, errors } = await client.ask("{ viewer { actor { ... on ApiToken { status usage { day } } } } }");
    expect([data?.viewer ?? null, errors[0]?.extensions.missingModule]).toEqual([null, modules.accessManagement]);
  });

  test("A token grants only modules it has, and cannot edit, disable or delete itself", async () => {
    const id = (await world.tenants.client.createToken({ moduleIds: [modules.accessManagement, modules.orders] })).id;
    const { value } = await world.tenants.client.admin.mutate("revealApiToken", { id, purpose: "COPY" });
    const program = server().program(value);

    const wide = { name: "Wide", moduleIds: [modules.orders, modules.catalogue] };
    const { userErrors } = await program.mutate("createApiToken", wide);
    expect(userErrors).toEqual([expect.objectContaining({ code: "MODULE_NOT_ENABLED", field: ["moduleIds", "1"] })]);

    const other = await world.tenants.client.createToken({ moduleIds: [modules.orders] });
    const more = { id: other.id, moduleIds: [modules.orders, modules.catalogue] };
    expect((await program.mutate("updateApiToken", more)).userErrors[0]).toMatchObject({ code: "MODULE_NOT_ENABLED" });

    for (const name of ["updateApiToken", "disableApiToken", "deleteApiToken"] as const) {
      const input = { id, ...(name === "updateApiToken" && { name: "Me" }) };
      const { errors } = await program.ask(mutations[name] ?? "", { input });
      expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
    }
    const { apiToken } = await program.data("query ($id: ID!) { apiToken(id: $id) { status availableActions } }", {
      id,
    });
    expect(apiToken).toEqual({ status: "ACTIVE", availableActions: ["ROTATE"] });
  });
});

function outcomeOf({ data, errors }: GraphqlAnswer): string {
  const [error] = errors;
  if (error) return error.extensions.code;
  const faults = (Object.values(data) as { userErrors?: { code: string }[] }[]).flatMap(
    (each) => each?.userErrors ?? [],
  );
  return faults[0]?.code ?? "answers";
}
