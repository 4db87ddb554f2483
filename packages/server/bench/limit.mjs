// What the same Fastify does when it decides nothing: a constant after one Map lookup, and after one indexed read.
import Fastify from "fastify";
import mysql from "mysql2";

const { PORT, DATABASE_URL } = process.env;
const known = new Map([["Bearer", true]]);
const pool = DATABASE_URL ? mysql.createPool({ uri: DATABASE_URL, connectionLimit: 10 }) : null;
const server = Fastify();

server.get("/authorize", (request, reply) => {
  reply.code(known.has(request.headers.authorization?.slice(0, 6)) ? 200 : 401).send();
});

server.get("/read", (request, reply) => {
  const id = String(request.headers["x-token"]);
  pool?.query("SELECT * FROM api_token_secret WHERE token_id = ?", [id], (error, rows) => {
    reply.code(error || rows.length === 0 ? 500 : 200).send();
  });
});

await server.listen({ host: "127.0.0.1", port: Number(PORT) });
console.log("listening");
