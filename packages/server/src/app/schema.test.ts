import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, type GraphQLNamedType, printSchema } from "graphql";
import { guardFields } from "../graphql/allow.js";
import { createSchema } from "./schema.js";

const schema = createSchema();
const ours = Object.values(schema.getTypeMap()).filter(
  ({ name }) => !name.startsWith("__") && !["String", "Int", "Float", "Boolean", "ID"].includes(name),
);

describe("GraphQL schema", () => {
  test("Every root field declares the permission it needs", () => {
    const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}),
    );
    expect(roots.length).toBeGreaterThan(10);
    for (const { extensions } of roots) expect(extensions.access).toEqual(expect.any(String));
  });

  test("A schema with a root field that declares nothing fails to start", () => {
    const undeclared = buildSchema("type Query { open: String }");
    expect(() => guardFields(undeclared)).toThrow("Query.open does not declare who may call it");
  });

  test("Each type, field, argument, input and enum has a description", () => {
    expect(ours.flatMap(undescribed)).toEqual([]);
  });

  test("packages/server/schema.graphql is the schema that is served", () => {
    expect(readFileSync(join(__dirname, "../../schema.graphql"), "utf8")).toBe(`${printSchema(schema)}\n`);
  });
});

interface Described {
  name: string;
  description?: string | null | undefined;
  args?: readonly Described[];
}

/** Paths of items without a description. */
function undescribed(type: GraphQLNamedType): string[] {
  const fields: Described[] = "getFields" in type ? Object.values(type.getFields()) : [];
  const paths: [string, Described][] = fields.flatMap((field) => [
    [`${type.name}.${field.name}`, field],
    ...(field.args ?? []).map((argument): [string, Described] => [
      `${type.name}.${field.name}(${argument.name})`,
      argument,
    ]),
  ]);
  // Query and Mutation need no description.
  if (!["Query", "Mutation"].includes(type.name)) paths.unshift([type.name, type]);
  return paths.filter(([, { description }]) => !description).map(([path]) => path);
}
