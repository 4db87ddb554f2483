// Baselines: the same libraries without Hallpass's decisions and storage. A constant after one Map lookup, and the same
// GraphQL schema over static rows.
import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import Fastify from "fastify";
import { buildSchema, printSchema } from "graphql";
import { createSchema } from "../dist/app/schema.js";
import { toApiToken } from "../dist/features/api-tokens/api-token.types.js";
import { DateTime } from "../dist/graphql/graphql-types.js";

const { PORT } = process.env;
const known = new Map([["Bearer", true]]);
const server = Fastify();

server.get("/authorize", (request, reply) => {
  reply.code(known.has(request.headers.authorization?.slice(0, 6) ?? "") ? 200 : 401).send();
});

server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
  done(null, new URLSearchParams(body)),
);
server.post("/oauth2/introspect", (request, reply) => reply.send({ active: known.has(request.body.get("token")) }));

const apollo = new ApolloServer({
  schema: schemaOverStaticRows(),
  // As in Hallpass.
  plugins: [ApolloServerPluginLandingPageDisabled(), ApolloServerPluginCacheControlDisabled()],
});
await apollo.start();
server.post("/graphql", fastifyApolloHandler(apollo, { context: async () => ({}) }));

await server.listen({ host: "127.0.0.1", port: Number(PORT) });
console.log("listening");

/** The schema alone, whose fields are properties of the rows. */
function schemaOverStaticRows() {
  const schema = buildSchema(printSchema(createSchema()));
  const nodes = Array.from({ length: 100 }, (_, index) => toApiToken(staticToken(index)));
  const pageInfo = { hasNextPage: true, hasPreviousPage: false, startCursor: "a", endCursor: "b" };
  const types = schema.getTypeMap();
  types.DateTime.serialize = DateTime.serialize;
  types.Query.getFields().apiTokens.resolve = (_root, { first }) => ({ nodes: nodes.slice(0, first), pageInfo });
  return schema;
}

/** @returns {any} */
function staticToken(index) {
  const id = `TKN-0000-${String(index).padStart(4, "0")}`;
  return {
    id,
    accountId: "ACC-7000-0001",
    name: `Robot ${index}`,
    status: "ACTIVE",
    moduleCount: 2,
    createdAt: new Date(),
    version: 1,
  };
}
