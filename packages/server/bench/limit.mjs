// Baselines: the same libraries without Hallpass's decisions and storage. A constant after one Map lookup, one indexed
// read, and the same GraphQL schema over static rows.
import { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import Fastify from "fastify";
import mysql from "mysql2";
import { createSchema } from "../dist/app/schema.js";
import { toApiToken } from "../dist/features/api-tokens/api-token.types.js";

const { PORT, DATABASE_URL } = process.env;
const known = new Map([["Bearer", true]]);
const pool = DATABASE_URL ? mysql.createPool({ uri: DATABASE_URL, connectionLimit: 10 }) : null;
const server = Fastify();

server.get("/authorize", (request, reply) => {
  reply.code(known.has(request.headers.authorization?.slice(0, 6) ?? "") ? 200 : 401).send();
});

server.get("/read", (request, reply) => {
  const id = String(request.headers["x-token"]);
  pool?.query("SELECT * FROM api_token_secret WHERE token_id = ?", [id], (error, rows) => {
    reply.code(error || /** @type {unknown[]} */ (rows).length === 0 ? 500 : 200).send();
  });
});

const apollo = new ApolloServer({ schema: schemaOverStaticRows() });
await apollo.start();
server.post("/graphql", fastifyApolloHandler(apollo, { context: async () => ({}) }));

await server.listen({ host: "127.0.0.1", port: Number(PORT) });
console.log("listening");

function schemaOverStaticRows() {
  const schema = createSchema();
  const field = schema.getQueryType()?.getFields().apiTokens;
  const nodes = Array.from({ length: 10 }, (_, index) => toApiToken(staticToken(index)));
  const pageInfo = { hasNextPage: true, hasPreviousPage: false, startCursor: "a", endCursor: "b" };
  if (field) field.resolve = () => ({ nodes, edges: [], pageInfo, count: async () => 10 });
  return schema;
}

/** @returns {any} */
function staticToken(index) {
  const id = `TKN-0000-000${index}`;
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
