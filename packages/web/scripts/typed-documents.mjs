import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { print, stripIgnoredCharacters, visit } from "graphql";

const generated = fileURLToPath(new URL("../src/gql/graphql.ts", import.meta.url));
const textPrefix = "hallpass:text/";
const prefix = "\0hallpass:document:";

/**
 * graphql(`query X …`) becomes the generated XDocument, each a module of its own: what only a lazy page or dialog asks
 * for then travels with that one, and not with the first load. A fragment becomes nothing at all: an operation carries
 * the fragments that it spreads, and useFragment knows them by their types alone.
 * `hallpass:text/XDocument` is the document as text, for a script that has no GraphQL library.
 */
export function typedDocuments() {
  return {
    name: "hallpass:typed-documents",
    enforce: "pre",
    resolveId: (id) => (id.startsWith(prefix) ? id : id.startsWith(textPrefix) ? `\0${id}` : null),
    async load(id) {
      const [, asText, asJson] = /^\0(?:hallpass:text\/(.+)|hallpass:document:(.+))$/.exec(id) ?? [];
      const name = asText ?? asJson;
      if (!name) return null;
      this.addWatchFile(generated);
      const text = await readFile(generated, "utf8");
      const [, json] = new RegExp(`^export const ${name} = (\\{.*\\}) as unknown as `, "m").exec(text) ?? [];
      if (!json) throw new Error(`${name} is not in src/gql/graphql.ts: run pnpm codegen.`);
      if (asJson) return `export const ${name} = ${json};`;
      return `export const text = ${JSON.stringify(stripIgnoredCharacters(print(withTypenames(JSON.parse(json)))))};`;
    },
    transform(code, id) {
      if (!/\/src\/.*\.tsx?$/.test(id) || id.includes("/src/gql/") || !code.includes("graphql(")) return null;
      const names = new Set();
      const rewritten = code
        .replaceAll(/\bgraphql\(\s*(?:\/\* GraphQL \*\/\s*)?`([^`]*)`,?\s*\)/g, (_, text) => {
          const [, kind, name] = /(query|mutation|fragment)\s+(\w+)/.exec(text);
          if (kind === "fragment") return "undefined";
          names.add(`${name}Document`);
          return `${name}Document`;
        })
        .replace(/import \{ graphql \} from ".*\/gql\/gql";/, () =>
          [...names].map((name) => `import { ${name} } from ${JSON.stringify(prefix + name)};`).join(" "),
        );
      return { code: rewritten, map: null };
    },
  };
}

/** As Apollo Client sends it: its cache needs each object's type. */
function withTypenames(document) {
  const typename = { kind: "Field", name: { kind: "Name", value: "__typename" } };
  return visit(document, {
    SelectionSet: (node, _key, parent) =>
      parent?.kind === "OperationDefinition" ? undefined : { ...node, selections: [...node.selections, typename] },
  });
}
