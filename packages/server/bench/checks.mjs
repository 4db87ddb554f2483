// Measures the throughput and latency of checks against a Fastify server that decides nothing, in the same run.
import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { embeddedDatabase, freePort, throwawayMariaDb } from "./databases.mjs";
import { addTokens } from "./tokens.mjs";

const seconds = Number(process.env.BENCH_SECONDS ?? 8);
const connections = 50;
const warmTokens = 10_000;
/** 50,000 a minute. */
const floodPerSecond = 833;
const hasOwnCores = cpus().length > 1;

const database = (await throwawayMariaDb()) ?? (await embeddedDatabase());
const env = { ...process.env, ...database.env, LOG_LEVEL: "error" };
const { values, unknown, admin } = await addTokens(env, warmTokens);
const hallpass = await start(["dist/cli.js", "serve"], env);
const forgetful = await start(["dist/cli.js", "serve"], { ...env, HALLPASS_TOKEN_CACHE_ENTRIES: "1" });
const limit = await start(["bench/limit.mjs"], env);

const bearer = (value) => ({ path: "/authorize", headers: { authorization: `Bearer ${value}` } });
const warm = values.map(bearer);
const reads = values.map((value) => ({
  path: "/read",
  headers: { "x-token": `TKN-${value.slice(3, 7)}-${value.slice(7, 11)}` },
}));

await load(hallpass, warm, { duration: 3 });
await load(limit, warm, { duration: 2 });
const rows = [];
const base = await load(limit, warm);
add("the limit: a constant after a Map lookup", base);
add("`/authorize`, 10,000 warm tokens", await load(hallpass, warm), base);
const ending = mutate(20);
add("`/authorize`, warm, 20 mutations a second", await load(hallpass, warm), base);
await ending();
const flood = load(hallpass, unknown.map(bearer), { rate: floodPerSecond, duration: seconds + 1 });
add(`\`/authorize\`, warm, ${floodPerSecond} unknown identifiers a second beside`, await load(hallpass, warm), base);
await flood;
add("`/authorize`, unknown identifiers", await load(hallpass, unknown.map(bearer)), base);
if (database.env.DATABASE_URL) {
  const read = await load(limit, reads);
  add("the limit of cold ones: an indexed read by mysql2", read);
  add("`/authorize`, every token cold", await load(forgetful, warm), read);
}

const list =
  "{ apiTokens(first: 10) { nodes { id name status moduleCount createdAt version } pageInfo { hasNextPage endCursor } } }";
const query = [graphql(admin.value, list)];
await load(limit, query, { duration: 2 });
await load(hallpass, query, { duration: 2 });
const staticList = await load(limit, query);
add("the limit of a GraphQL list: the same schema over static rows", staticList);
add("GraphQL, a list of ten by a bearer", await load(hallpass, query), staticList);

console.log(
  `\n${database.name}, Node ${process.version}, ${connections} connections, ${seconds} s each, ${hasOwnCores ? "server and load on a core each" : "one core for all"}\n`,
);
console.log("| | a second | of the limit | p50 ms | p99 ms | p99 to the limit's | mean ms | statuses |");
console.log("|---|---|---|---|---|---|---|---|");
for (const row of rows) console.log(`| ${row.join(" | ")} |`);

for (const each of [hallpass, forgetful, limit]) each.process.kill("SIGTERM");
await sleep(1_000);
await database.remove();
process.exit(0);

function add(name, result, beside) {
  const ratio = (a, b) => (b ? (a / b).toFixed(2) : "");
  const statuses = Object.entries(result.statuses).map(([status, count]) => `${status}: ${count}`);
  if (result.errors) statuses.push(`errors: ${result.errors}`);
  rows.push([
    name,
    Math.round(result.perSecond).toLocaleString("en"),
    ratio(result.perSecond, beside?.perSecond),
    result.p50,
    result.p99,
    ratio(result.p99, beside?.p99),
    result.mean,
    statuses.join(", "),
  ]);
}

function graphql(value, query) {
  return {
    method: "POST",
    path: "/graphql",
    headers: { "content-type": "application/json", authorization: `Bearer ${value}` },
    body: JSON.stringify({ query }),
  };
}

/** On the first core, if there are two. */
async function start(args, environment) {
  const port = await freePort();
  const child = onCore(0, args, { env: { ...environment, PORT: String(port) }, stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return { process: child, url: `http://127.0.0.1:${port}` };
}

/** On the second core, if there are two. */
async function load({ url }, requests, { duration = seconds, rate = 0 } = {}) {
  const child = onCore(1, ["bench/load.mjs"], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify({ url, seconds: duration, connections, rate, requests }));
  return JSON.parse(await text(child.stdout));
}

function onCore(core, args, options) {
  return hasOwnCores
    ? spawn("taskset", ["-c", String(core), process.execPath, ...args], options)
    : spawn(process.execPath, args, options);
}

/** Disables and enables tokens, `perSecond` changes a second, until the returned function is called. */
function mutate(perSecond) {
  let done = false;
  const running = (async () => {
    for (let count = 0; !done; count++) {
      const id = admin.tokenIds[Math.floor(count / 2) % admin.tokenIds.length];
      const field = count % 2 ? "enableApiToken" : "disableApiToken";
      await fetch(`${hallpass.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${admin.value}` },
        body: JSON.stringify({ query: `mutation { ${field}(input: { id: "${id}" }) { userErrors { message } } }` }),
      });
      await sleep(1000 / perSecond);
    }
  })();
  return async () => {
    done = true;
    await running;
  };
}
