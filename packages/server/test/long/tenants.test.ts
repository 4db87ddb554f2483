import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from "graphql";
import { createSchema } from "../../src/app/schema.js";
import { type Outcome, rootFields } from "../support/access-table.js";
import { argumentValues } from "../support/argument-table.js";
import { documentOf, type Place, placesIn, rowFaults, withValue } from "../support/arguments.js";
import type { GraphqlAnswer } from "../support/client.js";
import { type Door, type Rule, types } from "../support/field-table.js";
import { fieldSelection } from "../support/selection.js";
import {
  type Caller,
  type CallerName,
  callerNames,
  createWorld,
  inBoth,
  lists,
  missing,
  type World,
} from "../support/tenants.js";
import { useServer } from "../support/test-server.js";

// Each field and argument of the schema shows callers their own account and no other.

const schema = createSchema();
const isRoot = (type: GraphQLNamedType) => type === schema.getQueryType() || type === schema.getMutationType();
type Field = GraphQLField<unknown, unknown>;
const typesWithFields = Object.values(schema.getTypeMap())
  .filter((type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith("__"))
  .map((type) => ({ type, fields: "getFields" in type ? (Object.values(type.getFields()) as Field[]) : [] }));

const server = useServer({ platform: null });
let world: World;

beforeAll(async () => {
  world = await createWorld(server());
});

describe("Fields", () => {
  const table = typesWithFields.filter(({ type }) => !isRoot(type));

  test("Every field has a row in the table, and every row a field", () => {
    const ofSchema = table.flatMap(({ type, fields }) => fields.map(({ name }) => `${type.name}.${name}`));
    const ofTable = Object.entries(types).flatMap(([type, { fields }]) =>
      Object.keys(fields).map((name) => `${type}.${name}`),
    );
    expect(rowFaults("field-table", ofTable, ofSchema)).toEqual([]);
  });

  const doors = table.flatMap(({ type, fields }) => {
    const row = types[type.name];
    return (row?.doors ?? []).map((door) => ({ type: type.name, door, fields, rules: row?.fields ?? {} }));
  });
  const titled = doors.map((each) => ({ ...each, title: `${each.type} behind ${each.door.document}` }));

  test.each(titled)("$title shows each caller what the table allows", async ({ door, fields, rules }) => {
    const wrong = callerNames.map(async (name) => {
      // Both end the caller's session, which other tests still need.
      const ends = door.mutation === "Mutation.signIn" || door.mutation === "Mutation.signOut";
      const by = ends ? await world.newCaller(name) : world.callers[name];
      return differences(name, door, rules, await seenBehind(door, fields, rules, by));
    });
    expect((await Promise.all(wrong)).flat()).toEqual([]);
  });

  const withIds = titled.filter(({ door }) => /\$(?!input)/.test(door.document) || takesId(door));

  test.each(withIds)("$title of another account looks like one that does not exist", async ({ door, fields }) => {
    const whoAnswers = callerNames.filter((name) => door.who[name] === "answers");
    const asked = whoAnswers.map(async (name) => {
      const { client, own, other } = world.callers[name];
      const document = behind(door, fields);
      const ask = async (ids: object) => {
        const { status, text } = await client.ask(document, ids);
        for (const tenant of [own, other]) expect(tenant.isIn(text, JSON.stringify(ids))).toBe(false);
        return { status, text };
      };
      const { input } = door.mutation ? await variablesOf(door, own) : { input: undefined };
      const variables = (ids: typeof missing) => (input ? { input: { ...input, id: ids.token } } : { ...ids });
      expect(await ask(variables(other.ids))).toEqual(await ask(variables(missing)));
    });
    await Promise.all(asked);
  });
});

function takesId({ mutation = "" }: Door): boolean {
  const field = schema.getMutationType()?.getFields()[mutation.slice("Mutation.".length)];
  const [input] = field?.args.map(({ type }) => getNamedType(type)) ?? [];
  return isInputObjectType(input) && "id" in input.getFields();
}

const variablesOf = async ({ mutation }: Door, own: Caller["own"]): Promise<Record<string, unknown>> =>
  mutation ? ((await rootFields[mutation]?.variables(own)) ?? {}) : { ...own.ids };

/** The door's document with all these fields. The alias `behind` marks the objects behind it. */
const behind = ({ document }: Door, fields: Field[]) =>
  document.replace("…", `behind: __typename ${fields.map((field) => fieldSelection(field, 1)).join(" ")}`);

/** Differences from the table. A plain field may have the account's mark. */
function differences(name: CallerName, door: Door, rules: Record<string, Rule>, seen: Record<string, string>) {
  return Object.entries(rules).flatMap(([field, { sees }]) => {
    const behindIt = typeof sees === "function" ? sees(name) : sees;
    const expected = door.who[name] === "answers" ? behindIt : door.who[name];
    const isRight = seen[field] === expected || (expected === "plain" && seen[field] === "own");
    return isRight ? [] : [`${name} sees ${field}: ${seen[field]}, should be ${expected}`];
  });
}

/** What the caller sees of each field, or the door's error code. */
async function seenBehind(door: Door, fields: Field[], rules: Record<string, Rule>, by: Caller) {
  const together = fields.filter(({ name }) => !rules[name]?.alone);
  const seen: Record<string, string> = {};
  for (const asked of [together, ...fields.filter(({ name }) => rules[name]?.alone).map((field) => [field])]) {
    if (asked.length === 0) continue;
    const answer = await by.client.ask(behind(door, asked), await variablesOf(door, by.own));
    const found = findBehind(answer.data);
    const code = answer.errors[0]?.extensions.code;
    for (const { name } of asked)
      seen[name] =
        code ??
        (found.length > 0
          ? tells(
              found.map((each) => each[name]),
              by,
            )
          : "nothing");
  }
  return seen;
}

function tells(values: unknown[], { own, other }: Caller): string {
  const told = values.filter((value) => value !== null && value !== undefined);
  if (told.length === 0) return "null";
  const text = JSON.stringify(told);
  if (own.isIn(text)) return other.isIn(text) ? "both" : "own";
  return other.isIn(text) ? "THEIRS" : "plain";
}

/** Every object behind the door in the response. */
function findBehind(data: unknown): Record<string, unknown>[] {
  if (typeof data !== "object" || data === null) return [];
  const here = "behind" in data ? [data as Record<string, unknown>] : [];
  return [...here, ...Object.values(data).flatMap(findBehind)];
}

describe("Cursors", () => {
  const ask = async (by: CallerName, list: string, cursor: unknown) => {
    const { client, own, other } = world.callers[by];
    const nodes = list.startsWith("auditTrail") ? "id summary details" : "id name";
    const document = `query ($after: String) { list: ${list}, first: 50, after: $after) { nodes { ${nodes} } } }`;
    const answer = await client.ask(document, { after: cursor });
    const code = answer.errors[0]?.extensions.code ?? null;
    expect({
      cursor,
      theirs: other.isIn(answer.text),
      isOwn: code !== null || isEmpty(answer) || own.isIn(answer.text),
    }).toEqual({ cursor, theirs: false, isOwn: true });
    return [answer.status, code];
  };
  const isEmpty = ({ data }: GraphqlAnswer) => data.list.nodes.length === 0;

  test.each(lists)("Another account’s cursor of %s) returns only the caller’s own rows", async (list) => {
    for (const by of ["admin", "visitor", "operator"] as const) {
      const { other } = world.callers[by];
      expect(await ask(by, list, other.cursors[list])).toEqual([200, null]);
    }
  });

  // A list ordered by text, by date and by number, and the trail. Cursors have no other kinds.
  const kinds = lists.filter((list) =>
    /NAME, direction: ASC|CREATED_AT, direction: DESC|COUNT.*DESC|auditTrail/.test(list),
  );

  test.each(kinds)("A cursor of another list or order is rejected by %s)", async (list) => {
    const { other } = world.callers.admin;
    // A token's trail has the order of the trail.
    const isSame = (from: string) => from === list || (from === "a token's trail" && list.startsWith("auditTrail"));
    for (const [from, cursor] of Object.entries(other.cursors)) {
      if (isSame(from)) continue;
      expect([from, ...(await ask("admin", list, cursor))]).toEqual([from, 400, "BAD_USER_INPUT"]);
    }
  });

  test.each(kinds)("An altered cursor of %s) is rejected or returns only the caller’s own rows", async (list) => {
    const { own, other } = world.callers.admin;
    const content = JSON.parse(Buffer.from(own.cursors[list] ?? "", "base64url").toString());
    const foreign = [other.ids.token, other.mark, 0, -1, 1e308, null, "", "\0", "\ud800", "9999-12-31T23:59:59.999Z"];
    for (const [place] of content.slice(1).entries())
      for (const value of foreign) {
        const doctored = content.with(place + 1, value);
        const cursor = Buffer.from(JSON.stringify(doctored)).toString("base64url");
        expect([200, 400]).toContain((await ask("admin", list, cursor))[0]);
      }
  });
});

describe("Arguments", () => {
  // Queries run before mutations, which write another account's texts into this one.
  const takers = typesWithFields
    .toReversed()
    .flatMap(({ type, fields }) =>
      fields
        .filter(({ args }) => args.length > 0)
        .map((field) => ({ name: `${type.name}.${field.name}`, type, field, row: rowOf(type, field) })),
    );

  function rowOf(type: GraphQLNamedType, field: Field) {
    const root = rootFields[`${type.name}.${field.name}`];
    if (root) return root;
    const door = types[type.name]?.doors[0];
    const who = door && {
      ...door.who,
      ...(field.name === "auditTrail" && { tokenWithAccess: "FORBIDDEN" as Outcome }),
    };
    return door && who && { who, variables: (own: Caller["own"]) => ({ ...own.ids }) };
  }

  const places = takers.flatMap(({ name, type, field, row }) =>
    field.args
      .flatMap((argument) => placesIn(argument.name, argument.type, `${name}(${argument.name})`, []))
      .map((place) => ({ ...place, name, type, field, row })),
  );

  test("Every argument has a row of test values, and every row an argument", () => {
    const known = (key: string) => (argumentValues[key] ? key : key.replace(/^.*\(/, "("));
    const keys = [...new Set(places.map(({ key }) => known(key)))];
    expect(rowFaults("argument-table", Object.keys(argumentValues), keys)).toEqual([]);
  });

  const askersOf = (name: string): CallerName[] =>
    name === "Mutation.signIn" ? ["nobody", "tokenWithBoth"] : ["visitor", "tokenWithBoth", "operator"];

  test.each(places)("$name($path) returns nothing from another account", async (place) => {
    const { name, row } = place;
    if (!row) throw new Error(`${name} has no row: mend support/access-table.ts.`);
    // A person in both accounts may switch between them.
    const isTheirs = (each: CallerName) => name === "Mutation.switchAccount" && each === "visitor";
    const isHeard = (outcome: Outcome) => outcome === "answers" || outcome === "WRONG_CREDENTIALS";
    const who = askersOf(name).filter((each) => isHeard(row.who[each]) && !isTheirs(each));
    const trials = who.flatMap((by) => valuesOf(place, world.callers[by].other).map((value) => ({ by, value })));
    expect(trials.length).toBeGreaterThan(0);
    const tryOne = async ({ by, value }: (typeof trials)[number]) =>
      tryValue(place, by, await row.variables(world.callers[by].own), value);
    // The last value of a mutation stays, so it is one that does not limit the tests after it.
    if (name.startsWith("Mutation.")) for (const trial of trials) await tryOne(trial);
    else await Promise.all(trials.map(tryOne));
  });

  const valuesOf = ({ key }: Place, theirs: Caller["own"]): unknown[] =>
    (argumentValues[key] ?? argumentValues[key.replace(/^.*\(/, "(")])?.(theirs) ?? [];

  async function tryValue(
    place: (typeof places)[number],
    by: CallerName,
    good: Record<string, unknown>,
    value: unknown,
  ) {
    const { name, type, field, path, isId } = place;
    const { client, other } = world.callers[by];
    const ask = (each: unknown) => client.ask(documentOf(type, field), withValue(good, path, each));
    const answer = await ask(value);
    // A mutation's response repeats its input.
    const said = name.startsWith("Mutation.") || isId ? JSON.stringify([good, value]) : "";
    expect({ value, theirs: other.isIn(answer.text, said), fault: faultOf(answer) }).toEqual({
      value,
      theirs: false,
      fault: null,
    });
    if (!isId) return;
    const shown = ({ status, text }: GraphqlAnswer, ids: unknown) => [status, withoutIds(text, ids)];
    expect(shown(answer, value)).toEqual(shown(await ask(nothing(value)), nothing(value)));
  }

  test("The test values match data in their own account", async () => {
    const { vendor } = world.tenants;
    const queries = places.filter(
      ({ name, row }) => name.startsWith("Query.") && row && !name.includes("Verification"),
    );
    const silent: string[] = [];
    for (const place of queries) {
      const { name, type, field, path, row } = place;
      const good = (await row?.variables(vendor)) ?? {};
      const answers = valuesOf(place, vendor).map((value) =>
        vendor.admin.ask(documentOf(type, field), withValue(good, path, value)),
      );
      if (!(await Promise.all(answers)).some(({ text }) => vendor.isIn(text))) silent.push(`${name}(${path})`);
    }
    expect(silent).toEqual([]);
  });
});

describe("Hallpass-Account header", () => {
  const fields = typesWithFields
    .filter(({ type }) => isRoot(type))
    .flatMap(({ type, fields }) =>
      fields.map((field) => ({ name: `${type.name}.${field.name}`, document: documentOf(type, field) })),
    );
  const callerOf = (name: string, by: CallerName) =>
    /sign|switch/.test(name) ? world.newCaller(by) : Promise.resolve(world.callers[by]);
  const variablesFor = async (name: string, own: Caller["own"]) => (await rootFields[name]?.variables(own)) ?? {};

  test.each(fields)("$name in an account without a role is denied like in an unknown one", async (field) => {
    const { name, document } = field;
    const outcomes: Record<string, unknown> = {};
    for (const by of strangers) {
      const { client, own, other } = await callerOf(name, by);
      const variables = await variablesFor(name, own);
      const ask = (account: string) => client.copy({ "Hallpass-Account": account }).ask(document, variables);
      const [theirs, none] = [await ask(other.ids.account), await ask(missing.account)];
      expect([theirs.status, withoutIds(theirs.text, other.ids.account)]).toEqual([
        none.status,
        withoutIds(none.text, missing.account),
      ]);
      outcomes[by] = theirs.errors[0]?.extensions.code ?? "answers";
    }
    const nobody = name === "Mutation.signIn" ? "BAD_USER_INPUT" : rootFields[name]?.who.nobody;
    expect(outcomes).toEqual({ ...Object.fromEntries(strangers.map((by) => [by, "FORBIDDEN"])), nobody });
  });
  const strangers = callerNames.filter((by) => !inBoth.includes(by));

  // A switch returns the account it switches to.
  const answered = fields.filter(({ name }) => name !== "Mutation.switchAccount");

  test.each(answered)(
    "$name in a named account returns nothing from the session’s account",
    async ({ name, document }) => {
      for (const by of inBoth) {
        const { client, own, other } = await callerOf(name, by);
        const variables = await variablesFor(name, own);
        const answer = await client.copy({ "Hallpass-Account": other.ids.account }).ask(document, variables);
        expect({ by, isOwn: own.isIn(answer.text, JSON.stringify(variables)), fault: faultOf(answer) }).toEqual({
          by,
          isOwn: false,
          fault: null,
        });
      }
    },
  );
});

/** IDs of the same kinds that do not exist. */
function nothing(ids: unknown): unknown {
  if (Array.isArray(ids)) return ids.map(nothing);
  return String(ids).replace(/\d/g, "0");
}

const withoutIds = (text: string, ids: unknown) =>
  [ids].flat().reduce<string>((rest, id) => rest.replaceAll(String(id), "…"), text);

/** Describes a response that proves nothing: a server error or an invalid document. */
function faultOf({ status, errors }: GraphqlAnswer): string | null {
  const code = errors[0]?.extensions.code ?? null;
  const isWrong = status >= 500 || code === "GRAPHQL_VALIDATION_FAILED" || code === "INTERNAL_SERVER_ERROR";
  return isWrong ? `${status} ${code} ${errors[0]?.message}` : null;
}
