import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  isInputObjectType,
} from "graphql";
import { types } from "./field-table.js";
import { selectionOf } from "./selection.js";

/** A document for a field with its arguments as variables. Unless a root field, it is behind its type's first door. */
export function documentOf(type: GraphQLNamedType, field: GraphQLField<unknown, unknown>): string {
  const declared = field.args.map((argument) => `$${argument.name}: ${argument.type}`).join(", ");
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(", ");
  const asked = `${field.name}${given && `(${given})`} ${selectionOf(field.type, 1)}`;
  if (type.name === "Query" || type.name === "Mutation")
    return `${type.name.toLowerCase()} ${declared && `(${declared})`} { ${asked} }`;
  const [door] = types[type.name]?.doors ?? [];
  return door?.document.replace("…", asked).replace("(", `(${declared}, `) ?? "";
}

export interface Place {
  /** Path in the variables, e.g. `filter.name.equals`. */
  path: string;
  /** Its row in the table. */
  key: string;
  isId: boolean;
}

export function placesIn(path: string, type: GraphQLInputType, key: string, above: string[]): Place[] {
  const named = getNamedType(type);
  if (!isInputObjectType(named) || above.includes(named.name)) return [{ path, key, isId: named.name === "ID" }];
  return Object.values(named.getFields()).flatMap((field) =>
    placesIn(`${path}.${field.name}`, field.type, `${named.name}.${field.name}`, [...above, named.name]),
  );
}

/** What an object needs beside the value at this path. */
const companions: Record<string, object> = {
  before: { last: 5 },
  "input.rateLimit.requests": { perSeconds: 1 },
  "input.rateLimit.perSeconds": { requests: 1 },
  "orderBy.field": { direction: "ASC" },
  "orderBy.direction": { field: "NAME" },
  "noted.sequence": { hash: "0".repeat(64) },
  "noted.hash": { sequence: 1 },
};

/** The variables with this value at the path and any other values it requires. */
export function withValue(
  variables: Record<string, unknown>,
  path: string,
  value: unknown,
  companion = companions[path],
): Record<string, unknown> {
  const [head = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...companion, ...variables, [head]: value };
  const inner = (variables[head] ?? {}) as Record<string, unknown>;
  return { ...variables, [head]: withValue(inner, rest.join("."), value, companion) };
}

/** Differences between the schema's names and a table's rows, with what to do. */
export function rowFaults(table: string, rows: string[], names: string[]): string[] {
  return [
    ...names.filter((name) => !rows.includes(name)).map((name) => `${name} has no row: add one in support/${table}.ts`),
    ...rows.filter((name) => !names.includes(name)).map((name) => `${name} is no more: take its row from ${table}.ts`),
  ];
}
