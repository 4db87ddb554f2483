/**
 * Typed documents from the schema and the app's own operations, into src/gql.
 * Uses codegen's core: its command line needs a newer Node than ours.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { preset } from "@graphql-codegen/client-preset";
import { codegen } from "@graphql-codegen/core";
import { buildSchema, isAbstractType, parse, Source } from "graphql";

const web = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const output = path.join(web, "src/gql/");
const schemaText = await readFile(path.join(web, "../server/schema.graphql"), "utf8");
const schema = buildSchema(schemaText);

const files = await preset.buildGeneratesSection({
  baseOutputDir: output,
  schema: parse(schemaText),
  schemaAst: schema,
  documents: await readDocuments(),
  config: {
    useTypeImports: true,
    enumsAsTypes: true,
    strictScalars: true,
    scalars: { DateTime: "string", ID: "string" },
    skipTypename: true,
  },
  presetConfig: {},
  plugins: [],
  pluginMap: {},
  pluginContext: {},
});

const wanted = files.filter(({ filename }) => path.basename(filename) !== "index.ts");
// All together, for one waits for another's work; and nothing is written when an operation is wrong.
const texts = await Promise.all(wanted.map((file) => codegen(file)));
await mkdir(output, { recursive: true });
await Promise.all(wanted.map((file, index) => writeFile(file.filename, texts[index])));
await writeFile(path.join(output, "possible-types.ts"), possibleTypes());

/** Every graphql(`…`) in the sources. */
async function readDocuments() {
  const names = await readdir(path.join(web, "src"), { recursive: true });
  const sources = names.filter((name) => /\.tsx?$/.test(name) && !name.startsWith("gql"));
  const documents = [];
  for (const name of sources.sort()) {
    const location = path.join(web, "src", name);
    const text = await readFile(location, "utf8");
    for (const [, rawSDL] of text.matchAll(/\bgraphql\(\s*(?:\/\* GraphQL \*\/\s*)?`([^`]*)`/g)) {
      documents.push({ location, rawSDL, document: parse(new Source(rawSDL, location)) });
    }
  }
  return documents;
}

/** Which types an interface stands for; Apollo's cache needs it to match fragments. */
function possibleTypes() {
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
  const types = Object.fromEntries(
    abstract.map((type) => [type.name, schema.getPossibleTypes(type).map((each) => each.name)]),
  );
  return `export const possibleTypes: Record<string, string[]> = ${JSON.stringify(types, null, 2)};\n`;
}
