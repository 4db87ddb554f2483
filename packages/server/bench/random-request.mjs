// Random GraphQL requests generated from the schema, for bench/cost-fuzz.mjs and test/sqlite/cost.test.ts.
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from "graphql";

/** The mulberry32 generator. */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomRequest(schema, random, ids, { mutations = true } = {}) {
  return new Writer(schema, random, ids).request(mutations && random() < 0.15 ? "mutation" : "query");
}

/** Keeps requests below the parser's token limit. */
const maxFields = 250;
const maxDepth = 7;
/** Fields that end the session, delete data the rest of the run needs, or take as long as the trail is. */
const leftOut = ["signOut", "switchAccount", "deleteApiToken", "auditTrailVerification"];
const texts = ["robot", "billing", "Number 5", "zzzz", "e", ""];
const days = [-900, -90, -1, 0, 90].map((day) => new Date(Date.now() + day * 86_400_000).toISOString());

/** Candidate values by `Type.field(argument)`, `(argument)`, `Input.field` or type. Lists are filled with them. */
const values = {
  "Query.apiToken(id)": ({ token }) => token,
  "Query.node(id)": (ids) => Object.values(ids).flat(),
  "ApiToken.usage(days)": () => [1, 7, 30, 90],
  "(first)": () => [1, 10, 50, 100],
  "(last)": () => [1, 10, 50, 100],
  "(offset)": () => [0, 10, 900, 5_000, 9_000],
  "ApiTokenFilter.moduleIds": ({ module }) => module,
  "ApiTokenFilter.createdByIds": ({ user, token }) => [...user, ...token],
  "AuditRecordFilter.objectIds": ({ token }) => token,
  "AuditRecordFilter.actorIds": ({ user }) => user,
  "AuditRecordFilter.events": () => ["api_token.updated", "api_token.created", "user.signed_in", "none"],
  "AuditHeadInput.hash": () => ["0".repeat(64)],
  "CreateApiTokenInput.moduleIds": ({ module }) => module,
  "UpdateApiTokenInput.moduleIds": ({ module }) => module,
  "CreateApiTokenInput.icon": () => [null],
  "UpdateApiTokenInput.icon": () => [null],
  "CreateApiTokenInput.expiresAt": () => [days.at(-1)],
  "UpdateApiTokenInput.expiresAt": () => [days.at(-1)],
  "CreateApiTokenInput.idempotencyKey": () => [null],
  "UpdateApiTokenInput.version": () => [null],
  "RotateApiTokenInput.version": () => [null],
  "SignInInput.email": () => ["nobody@client.example"],
  DateTime: () => days,
  String: () => texts,
  ID: ({ token }) => token,
  Int: () => [0, 1, 60],
};

class Writer {
  variables = {};
  declarations = [];
  fragments = [];
  names = 0;
  fields = 0;

  constructor(schema, random, ids) {
    Object.assign(this, { schema, random, ids });
    /** How much to select, from 0 to 1: some requests are small, some as expensive as possible. */
    this.greed = random();
  }

  request(kind) {
    const type = kind === "mutation" ? this.schema.getMutationType() : this.schema.getQueryType();
    const selection = this.selection(type, 0);
    const declared = this.declarations.length > 0 ? `(${this.declarations.join(", ")})` : "";
    return { query: [`${kind} R${declared} ${selection}`, ...this.fragments].join(" "), variables: this.variables };
  }

  selection(type, depth) {
    const parts = isAbstractType(type)
      ? [
          "__typename",
          ...this.schema.getPossibleTypes(type).map((each) => `... on ${each} ${this.selection(each, depth)}`),
        ]
      : this.fieldsOf(type, depth);
    return `{ ${this.inFragments(type, parts).join(" ")} }`;
  }

  fieldsOf(type, depth) {
    const fields = Object.values(type.getFields()).filter(
      (field) => !leftOut.includes(field.name) && (depth < maxDepth || isLeafType(getNamedType(field.type))),
    );
    const lists = fields.filter((field) => !isLeafType(getNamedType(field.type)));
    const wanted = depth === 0 ? 1 + this.below(3) : 1 + this.below(1 + this.greed * fields.length);
    const parts = [];
    for (let index = 0; index < wanted; index++) {
      // Favour lists, which cause most of the cost.
      const field = this.pick(lists.length > 0 && this.chance(0.5) ? lists : fields);
      const times = this.chance(this.greed / 2) ? 1 + this.below(depth === 0 ? 12 : 30) : 1;
      for (let time = 0; time < times && this.fields < maxFields; time++) parts.push(this.field(type, field, depth));
    }
    return parts.length > 0 ? parts : ["__typename"];
  }

  field(type, field, depth) {
    this.fields++;
    const given = this.arguments(type, field);
    const inside = isLeafType(getNamedType(field.type)) ? "" : this.selection(getNamedType(field.type), depth + 1);
    return `${this.name("a")}: ${field.name}${given} ${this.directive()}${inside}`;
  }

  arguments(type, field) {
    const isPage = field.args.some(({ name }) => name === "last");
    const wanted = isPage ? this.pageArguments() : null;
    const given = field.args
      .filter((argument) => wanted?.[argument.name] !== "absent")
      .filter((argument) => wanted?.[argument.name] || isNonNullType(argument.type) || this.chance(0.6))
      .map((argument) => {
        const key = `${type.name}.${field.name}(${argument.name})`;
        const value =
          wanted?.[argument.name] === "null" ? null : this.value(argument.type, key, `(${argument.name})`, 0);
        return `${argument.name}: ${this.written(argument.type, value)}`;
      });
    return given.length > 0 ? `(${given.join(", ")})` : "";
  }

  /** A valid combination. Absent arguments may also be null, which means the same. */
  pageArguments() {
    const absent = () => (this.chance(0.3) ? "null" : "absent");
    const none = { after: absent(), before: absent() };
    const kind = this.pick(["first", "last", "offset", "neither"]);
    if (kind === "first") return { ...none, first: "given", last: absent(), offset: absent() };
    if (kind === "last") return { ...none, first: absent(), last: "given", offset: absent() };
    if (kind === "offset") return { ...none, first: "given", last: absent(), offset: "given" };
    return { ...none, first: absent(), last: absent(), offset: absent() };
  }

  value(type, key, short, depth) {
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const length = isLeafType(getNamedType(nullable)) ? 1 + this.below(20) : 1 + this.below(3);
      return Array.from({ length }, () => this.value(nullable.ofType, key, short, depth));
    }
    if (isEnumType(nullable)) return this.pick(nullable.getValues()).name;
    if (isInputObjectType(nullable)) return this.input(nullable, depth);
    if (nullable.name === "Boolean") return this.chance(0.5);
    return this.pick((values[key] ?? values[short] ?? values[nullable.name])(this.ids));
  }

  input(type, depth) {
    const fields = Object.values(type.getFields()).filter(
      (field) =>
        isNonNullType(field.type) || (this.chance(0.3) && (depth < 3 || !isInputObjectType(getNamedType(field.type)))),
    );
    return Object.fromEntries(
      fields.map((field) => [field.name, this.value(field.type, `${type.name}.${field.name}`, "", depth + 1)]),
    );
  }

  /** As a literal, a variable or a variable's default. Null also as an omitted variable. */
  written(type, value) {
    if (this.chance(0.4)) return literal(type, value);
    const name = this.name("v");
    if (this.chance(0.4)) {
      this.declarations.push(`$${name}: ${getNullableType(type)} = ${literal(type, value)}`);
      return `$${name}`;
    }
    this.declarations.push(`$${name}: ${type}`);
    if (value !== null || this.chance(0.5)) this.variables[name] = value;
    return `$${name}`;
  }

  /** Usually empty. */
  directive() {
    if (!this.chance(0.1)) return "";
    const name = this.pick(["include", "skip"]);
    const condition = this.chance(0.5) ? String(this.chance(0.5)) : `$${this.name("c")}`;
    if (condition.startsWith("$")) {
      this.declarations.push(`${condition}: Boolean!`);
      this.variables[condition.slice(1)] = this.chance(0.5);
    }
    return `@${name}(if: ${condition}) `;
  }

  /** Moves some or all of the parts into a fragment, which may be spread twice. */
  inFragments(type, parts) {
    if (!this.chance(0.2)) return parts;
    const cut = this.below(parts.length);
    const inside = `{ ${parts.slice(cut).join(" ")} }`;
    if (this.chance(0.5)) return [...parts.slice(0, cut), `... ${this.directive()}${inside}`];
    const name = this.name("F");
    this.fragments.push(`fragment ${name} on ${type} ${inside}`);
    return [...parts.slice(0, cut), `...${name}`, ...(this.chance(0.3) ? [`...${name}`] : [])];
  }

  name(prefix) {
    return `${prefix}${this.names++}`;
  }

  chance(share) {
    return this.random() < share;
  }

  below(limit) {
    return Math.floor(this.random() * limit);
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}

function literal(type, value) {
  const nullable = getNullableType(type);
  if (value === null) return "null";
  if (isListType(nullable)) return `[${value.map((each) => literal(nullable.ofType, each)).join(", ")}]`;
  if (isInputObjectType(nullable)) {
    const fields = nullable.getFields();
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${name}: ${literal(fields[name].type, each)}`)
      .join(", ")} }`;
  }
  return isEnumType(nullable) ? value : JSON.stringify(value);
}
