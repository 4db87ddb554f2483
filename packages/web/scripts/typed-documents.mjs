import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const generated = fileURLToPath(new URL("../src/gql/graphql.ts", import.meta.url));
const prefix = "\0hallpass:document:";

/**
 * graphql(`query X …`) becomes the generated XDocument, each a module of its own: what only a lazy page or dialog asks
 * for then travels with that one, and not with the first load. A fragment becomes nothing at all: an operation carries
 * the fragments that it spreads, and useFragment knows them by their types alone.
 */
export function typedDocuments() {
  return {
    name: "hallpass:typed-documents",
    enforce: "pre",
    resolveId: (id) => (id.startsWith(prefix) ? id : null),
    async load(id) {
      if (!id.startsWith(prefix)) return null;
      const name = id.slice(prefix.length);
      this.addWatchFile(generated);
      const text = await readFile(generated, "utf8");
      const [, json] = new RegExp(`^export const ${name} = (\\{.*\\}) as unknown as `, "m").exec(text) ?? [];
      if (!json) throw new Error(`${name} is not in src/gql/graphql.ts: run pnpm codegen.`);
      return `export const ${name} = ${json};`;
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
