/**
 * graphql(`query X …`) becomes the generated XDocument. Without it, the table that looks documents up by their
 * text (src/gql/gql.ts) holds every operation of the app twice, and belongs to the first load.
 */
export function typedDocuments() {
  return {
    name: "hallpass:typed-documents",
    enforce: "pre",
    transform(code, id) {
      if (!/\/src\/.*\.tsx?$/.test(id) || id.includes("/src/gql/") || !code.includes("graphql(")) return null;
      const names = new Set();
      const rewritten = code
        .replaceAll(/\bgraphql\(\s*(?:\/\* GraphQL \*\/\s*)?`([^`]*)`,?\s*\)/g, (_, text) => {
          const [, kind, name] = /(query|mutation|fragment)\s+(\w+)/.exec(text);
          const variable = `${name}${kind === "fragment" ? "FragmentDoc" : "Document"}`;
          names.add(variable);
          return variable;
        })
        .replace(/import \{ graphql \} from "(.*)\/gql\/gql";/, (_, path) => {
          return `import { ${[...names].join(", ")} } from "${path}/gql/graphql";`;
        });
      return { code: rewritten, map: null };
    },
  };
}
