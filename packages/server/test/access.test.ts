import { type GraphQLInputType, getNamedType, isInputObjectType } from "graphql";
import { createSchema } from "../src/schema.js";
import type { Client, GraphqlAnswer } from "./support/client.js";
import { accounts, modules, type Person, password, people } from "./support/platform.js";
import { type TestServer, useServer } from "./support/test-server.js";

// Who may call what, tried for each root field of the schema: a new field without a row here fails.

const callers = ["nobody", "auditor", "admin", "tokenWithAccess", "tokenWithout"] as const;
type CallerName = (typeof callers)[number];
type Outcome = "answers" | "UNAUTHENTICATED" | "FORBIDDEN";

interface Row {
  document: string;
  /** Arguments that work, made anew for each call. */
  variables(server: TestServer): Promise<Record<string, unknown>> | Record<string, unknown>;
  outcomes: Record<CallerName, Outcome>;
}

const outcomes = (
  nobody: Outcome,
  auditor: Outcome,
  admin: Outcome,
  tokenWithAccess: Outcome,
  tokenWithout: Outcome,
) => ({ nobody, auditor, admin, tokenWithAccess, tokenWithout });

const forAnyone = outcomes("answers", "answers", "answers", "answers", "answers");
const forCallers = { ...forAnyone, nobody: "UNAUTHENTICATED" } as const;
const toRead = { ...forCallers, tokenWithout: "FORBIDDEN" } as const;
const toWrite = { ...toRead, auditor: "FORBIDDEN" } as const;
const toReveal = { ...toWrite, tokenWithAccess: "FORBIDDEN" } as const;
const toReadTheTrail = { ...toRead, tokenWithAccess: "FORBIDDEN" } as const;
const forPeople = { ...toRead, tokenWithAccess: "FORBIDDEN" } as const;

const mutation = (name: string, selection: string) => {
  const input = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  return `mutation ($input: ${input}!) { ${name}(input: $input) { ${selection} userErrors { code field message } } }`;
};
const inputFor =
  (status: "ACTIVE" | "DISABLED", more: object = {}) =>
  async (server: TestServer) => ({
    input: { id: (await server.createTokenThatIs(status)).id, ...more },
  });

const rows: Record<string, Row> = {
  "Query.viewer": { document: "{ viewer { account { id } } }", variables: () => ({}), outcomes: forAnyone },
  "Query.node": {
    document: "query ($id: ID!) { node(id: $id) { id } }",
    variables: () => ({ id: accounts.client }),
    outcomes: forCallers,
  },
  "Query.apiToken": {
    document: "query ($id: ID!) { apiToken(id: $id) { id name } }",
    variables: async (server) => ({ id: (await server.createToken()).id }),
    outcomes: toRead,
  },
  "Query.apiTokens": {
    document: "query ($filter: ApiTokenFilter) { apiTokens(filter: $filter) { nodes { id } totalCount } }",
    variables: () => ({ filter: {} }),
    outcomes: toRead,
  },
  "Query.modules": { document: "{ modules { id } }", variables: () => ({}), outcomes: forCallers },
  "Query.users": { document: "{ users { id } }", variables: () => ({}), outcomes: toRead },
  "Query.auditTrail": {
    document: "query ($filter: AuditRecordFilter) { auditTrail(filter: $filter) { nodes { id } totalCount } }",
    variables: () => ({ filter: {} }),
    outcomes: toReadTheTrail,
  },
  "Query.auditTrailVerification": {
    document: "{ auditTrailVerification { __typename } }",
    variables: () => ({}),
    outcomes: toReadTheTrail,
  },
  "Mutation.signIn": {
    document: mutation("signIn", "viewer { account { id } }"),
    variables: () => ({ input: { email: people.admin.email, password } }),
    outcomes: forAnyone,
  },
  "Mutation.signOut": {
    document: "mutation { signOut { userErrors { code } } }",
    variables: () => ({}),
    outcomes: forAnyone,
  },
  "Mutation.switchAccount": {
    document: mutation("switchAccount", "viewer { account { id } }"),
    variables: () => ({ input: { accountId: accounts.client } }),
    outcomes: forPeople,
  },
  "Mutation.createApiToken": {
    document: mutation("createApiToken", "apiToken { name }"),
    variables: () => ({ input: { name: "Robot", moduleIds: [modules.accessManagement] } }),
    outcomes: toWrite,
  },
  "Mutation.updateApiToken": {
    document: mutation("updateApiToken", "apiToken { name }"),
    variables: inputFor("ACTIVE", { name: "Renamed" }),
    outcomes: toWrite,
  },
  "Mutation.enableApiToken": {
    document: mutation("enableApiToken", "apiToken { status }"),
    variables: inputFor("DISABLED"),
    outcomes: toWrite,
  },
  "Mutation.disableApiToken": {
    document: mutation("disableApiToken", "apiToken { status }"),
    variables: inputFor("ACTIVE"),
    outcomes: toWrite,
  },
  "Mutation.deleteApiToken": {
    document: mutation("deleteApiToken", "deletedId"),
    variables: inputFor("ACTIVE"),
    outcomes: toWrite,
  },
  "Mutation.revealApiToken": {
    document: mutation("revealApiToken", "value"),
    variables: inputFor("ACTIVE", { purpose: "SHOW" }),
    outcomes: toReveal,
  },
  "Mutation.rotateApiToken": {
    document: mutation("rotateApiToken", "apiToken { status }"),
    variables: inputFor("ACTIVE", { overlapSeconds: 60 }),
    // A token rotates itself alone, and these are others'.
    outcomes: toReveal,
  },
  "Mutation.endApiTokenRotation": {
    document: mutation("endApiTokenRotation", "apiToken { status }"),
    variables: async (server) => {
      const { id } = await server.createToken();
      await (await server.as("admin")).mutate("rotateApiToken", { id });
      return { input: { id } };
    },
    outcomes: toReveal,
  },
};

const schema = createSchema();
const rootFields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
  Object.values(type?.getFields() ?? {}).map((field) => ({ name: `${type?.name}.${field.name}`, field })),
);

/** Every place in the arguments that takes an identifier, e.g. `input.moduleIds`. */
const identifierPaths = rootFields.flatMap(({ name, field }) =>
  field.args.flatMap((argument) => pathsOfIds(argument.name, argument.type, [])).map((path) => ({ name, path })),
);

function pathsOfIds(path: string, type: GraphQLInputType, above: string[]): string[] {
  const named = getNamedType(type);
  if (named.name === "ID") return [path];
  if (!isInputObjectType(named) || above.includes(named.name)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    pathsOfIds(`${path}.${field.name}`, field.type, [...above, named.name]),
  );
}

describe("access", () => {
  const server = useServer();
  let clients: Record<CallerName, () => Promise<Client>>;
  /** Another account's objects, by the last part of the argument's path, and how one that does not exist looks. */
  let foreign: Record<string, [foreign: string, missing: string][]>;

  beforeAll(async () => {
    const withAccess = await server().createToken({ moduleIds: [modules.accessManagement, modules.catalogue] });
    const without = await server().createToken({ moduleIds: [modules.catalogue] });
    clients = {
      nobody: async () => server().nobody(),
      // Sessions of their own, as one of the root fields ends them.
      auditor: () => server().signIn("auditor"),
      admin: () => server().signIn("admin"),
      tokenWithAccess: async () => server().program(withAccess.value),
      tokenWithout: async () => server().program(without.value),
    };
    const token = await server().createToken({ moduleIds: [modules.catalogue, modules.helpdesk] }, "vendorAdmin");
    const record = (await server().trail("vendorAdmin")).at(-1).id as string;
    const tokens: [string, string] = [token.id, "TKN-0000-0000"];
    const users: [string, string] = [people.vendorAdmin.id, "USR-0000-0000"];
    const foreignModules: [string, string] = [modules.helpdesk, "MOD-0000"];
    const foreignAccounts: [string, string] = [accounts.vendor, "ACC-0000-0000"];
    const records: [string, string] = [record, `${record}999`];
    foreign = {
      id: [tokens, users, foreignModules, foreignAccounts, records],
      objectIds: [tokens, users, foreignAccounts],
      actorIds: [users, tokens],
      createdByIds: [users, tokens],
      moduleIds: [foreignModules],
      accountId: [foreignAccounts],
    };
  });

  const rowOf = (name: string): Row => {
    const row = rows[name];
    if (!row) throw new Error(`${name} has no row in ${__filename}: say who may call it.`);
    return row;
  };

  test("every row is a root field's", () => {
    expect(Object.keys(rows).filter((name) => !rootFields.some((field) => field.name === name))).toEqual([]);
  });

  describe.each(rootFields.map(({ name }) => name))("%s", (name) => {
    test.each(callers)("by %s", async (caller) => {
      const { document, variables, outcomes: expected } = rowOf(name);
      const client = await clients[caller]();
      const answer = await client.ask(document, await variables(server()));
      expect(outcomeOf(answer)).toBe(expected[caller]);
    });

    test("with a token that is not good is refused, never taken for anybody's", async () => {
      const { document, variables } = rowOf(name);
      const disabled = await server().createTokenThatIs("DISABLED", { moduleIds: [modules.accessManagement] });
      const answer = await server()
        .program(disabled.value)
        .ask(document, await variables(server()));
      expect([answer.status, outcomeOf(answer)]).toEqual([401, "UNAUTHENTICATED"]);
      expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    });
  });

  describe("with another account's identifier answers as for one that does not exist:", () => {
    test.each(identifierPaths)("$name($path)", async ({ name, path }) => {
      const { document, variables, outcomes: expected } = rowOf(name);
      const pairs = foreign[path.split(".").at(-1) ?? ""];
      if (!pairs) throw new Error(`${name} takes an identifier at ${path}: say in this file which are foreign.`);
      for (const [theirs, missing] of pairs)
        for (const caller of callers.filter((each) => expected[each] === "answers")) {
          const client = await clients[caller]();
          const good = await variables(server());
          const ask = async (id: string) => {
            const { status, text } = await client.ask(document, withIdentifier(good, path, id));
            return { status, text: text.replaceAll(id, "…") };
          };
          expect(await ask(theirs)).toEqual(await ask(missing));
        }
    });
  });

  test("no change reaches another account's token", async () => {
    const theirs = await server().createToken({}, "vendorAdmin");
    const admin = await server().as("admin");
    const before = await server().sql("SELECT * FROM api_token WHERE id = ?", [theirs.id]);
    for (const [name, more] of [
      ["updateApiToken", { name: "Mine now" }],
      ["enableApiToken", {}],
      ["disableApiToken", {}],
      ["deleteApiToken", {}],
      ["revealApiToken", { purpose: "SHOW" }],
    ] as const) {
      const { userErrors, ...rest } = await admin.mutate(name, { id: theirs.id, ...more });
      expect(userErrors).toEqual([{ code: "NOT_FOUND", field: ["id"], message: "There is no such API token." }]);
      expect(Object.values(rest)).toEqual([null]);
    }
    expect(await server().sql("SELECT * FROM api_token WHERE id = ?", [theirs.id])).toEqual(before);
  });

  test("a token says which module it lacks", async () => {
    const client = await clients.tokenWithout();
    const { status, headers, errors } = await client.ask("{ apiTokens { nodes { id } } }");
    expect(status).toBe(403);
    expect(headers.get("www-authenticate")).toBe(
      'Bearer realm="hallpass", error="insufficient_scope", scope="MOD-1255"',
    );
    expect(errors[0]?.message).toContain("MOD-1255");
    expect(errors[0]?.extensions).toMatchObject({ code: "FORBIDDEN", missingModule: "MOD-1255" });
  });

  test("a token with Audit reads the trail, and a token's own trail needs it too", async () => {
    const both = await server().createToken({ moduleIds: [modules.accessManagement, modules.audit] });
    const document = "query ($id: ID!) { apiToken(id: $id) { auditTrail { nodes { event } } } }";
    const { apiToken } = await server().program(both.value).data(document, { id: both.id });
    expect(apiToken.auditTrail.nodes).toEqual([{ event: "api_token.created" }]);

    const { data, errors } = await (await clients.tokenWithAccess()).ask(document, { id: both.id });
    expect(data?.apiToken ?? null).toBeNull();
    expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
  });

  test("a token grants only modules that it has itself, and never changes itself", async () => {
    const id = (await server().createToken({ moduleIds: [modules.accessManagement, modules.orders] })).id;
    const { value } = await (await server().as("admin")).mutate("revealApiToken", { id, purpose: "COPY" });
    const program = server().program(value);

    const wide = { name: "Wide", moduleIds: [modules.orders, modules.catalogue] };
    const { userErrors } = await program.mutate("createApiToken", wide);
    expect(userErrors).toEqual([expect.objectContaining({ code: "MODULE_NOT_ENABLED", field: ["moduleIds", "1"] })]);

    const other = await server().createToken({ moduleIds: [modules.orders] });
    const more = { id: other.id, moduleIds: [modules.orders, modules.catalogue] };
    expect((await program.mutate("updateApiToken", more)).userErrors[0]).toMatchObject({ code: "MODULE_NOT_ENABLED" });

    for (const name of ["updateApiToken", "disableApiToken", "deleteApiToken"] as const) {
      const { document } = rowOf(`Mutation.${name}`);
      const { errors } = await program.ask(document, {
        input: { id, ...(name === "updateApiToken" && { name: "Me" }) },
      });
      expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
    }
    const { apiToken } = await program.data("query ($id: ID!) { apiToken(id: $id) { status availableActions } }", {
      id,
    });
    expect(apiToken).toEqual({ status: "ACTIVE", availableActions: ["ROTATE"] });
  });

  test("nobody of another account sees an object by its identifier", async () => {
    const ids = [
      accounts.client,
      people.admin.id,
      (await server().createToken()).id,
      (await server().trail()).at(-1).id,
    ];
    const asked = async (person: Person) => {
      const client = await server().as(person);
      return Promise.all(
        ids.map(
          async (id) => (await client.data("query ($id: ID!) { node(id: $id) { id } }", { id })).node?.id ?? null,
        ),
      );
    };
    expect(await asked("auditor")).toEqual(ids);
    expect(await asked("vendorAdmin")).toEqual(ids.map(() => null));
    expect(await asked("operator")).toEqual(ids.map(() => null));
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

/** The variables with one of their identifiers, or lists of them, replaced. */
function withIdentifier(variables: Record<string, unknown>, path: string, id: string): Record<string, unknown> {
  const [head = "", ...rest] = path.split(".");
  const inner = (variables[head] ?? {}) as Record<string, unknown>;
  if (rest.length > 0) return { ...variables, [head]: withIdentifier(inner, rest.join("."), id) };
  return { ...variables, [head]: head.endsWith("Ids") ? [id] : id };
}
