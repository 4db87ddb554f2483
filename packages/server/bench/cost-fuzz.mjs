// Compares the CPU time of random accepted requests with their cost. Lists those that take more than their cost
// predicts, and exits with 1 if an accepted request takes over 100 ms.
//   node bench/cost-fuzz.mjs [--requests 2000] [--tokens 10000] [--seed 1] [--show SEED]
// --show prints the request of a listed seed.

import { parseArgs } from "node:util";
import { getOperationAST, parse } from "graphql";
import { createAppContext } from "../dist/app/create-app-context.js";
import { createSchema } from "../dist/app/schema.js";
import { createServer } from "../dist/app/server.js";
import { maxCost } from "../dist/context/budget.js";
import { costOfOperation } from "../dist/graphql/cost.js";
import { readConfig } from "../dist/infra/config.js";
import { createLogger } from "../dist/infra/logger.js";
import { embeddedDatabase } from "./databases.mjs";
import { randomNumbers, randomRequest } from "./random-request.mjs";
import { addRealisticData } from "./realistic-data.mjs";

const { values: options } = parseArgs({
  options: {
    requests: { type: "string", default: "2000" },
    tokens: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    show: { type: "string" },
  },
});
/** CPU time above which an accepted request fails the run, in ms. */
const limitMs = 100;
/** CPU time beyond the predicted one above which a request is listed, in ms. */
const outlierMs = 5;

let cookie = "";
const schema = createSchema();
const database = await embeddedDatabase();
const app = await openApp();
const { ids, email } = await addRealisticData(app, Number(options.tokens));
if (options.show) {
  const { query, variables } = randomRequest(schema, randomNumbers(Number(options.show)), ids);
  console.log(query, JSON.stringify(variables));
}
const server = await createServer(app);
cookie = await signIn();
const seeds = options.show
  ? [Number(options.show)]
  : Array.from({ length: Number(options.requests) }, (_, index) => Number(options.seed) + index);
const rows = [];
let rejected = 0;
// Warm up first, to measure compiled code.
for (const seed of seeds.slice(0, 200)) await send(seed);
for (const seed of seeds) {
  const row = await measure(seed);
  if (row) rows.push(row);
  else rejected++;
}
report();
await server.close();
await app.close();
await database.remove();

/** Without rate limits by user and IP address, which would reject most requests. */
async function openApp() {
  const env = { ...database.env, PORT: "0", LOG_LEVEL: "error" };
  const opened = await createAppContext(readConfig(env), createLogger("error"));
  const noLimit = { take: async () => {}, reset: async () => {} };
  const none = { perPerson: noLimit, perAddress: noLimit };
  return { ...opened, signInLimits: none, revealLimits: none, wholeTrailLimit: noLimit };
}

async function signIn() {
  const query = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }";
  const answer = await post({ query, variables: { input: { email, password: "hallpass-seed" } } });
  return `${answer.headers["set-cookie"]}`.split(";", 1)[0];
}

function post(payload) {
  return server.inject({ method: "POST", url: "/graphql", headers: { cookie }, payload });
}

async function send(seed) {
  const request = randomRequest(schema, randomNumbers(seed), ids);
  const before = process.cpuUsage();
  const answer = await post(request);
  const { user, system } = process.cpuUsage(before);
  return { answer, request, ms: (user + system) / 1_000 };
}

/**
 * Null if the request was rejected. Takes the fastest of several runs, as garbage from earlier runs slows others down.
 */
async function measure(seed) {
  const times = [];
  while (times.length < 3 || (Math.min(...times) > limitMs && times.length < 10)) {
    const { answer, ms } = await send(seed);
    if (answer.statusCode !== 200 || answer.body.startsWith('{"errors"')) return null;
    times.push(ms);
  }
  const request = randomRequest(schema, randomNumbers(seed), ids);
  return { seed, ms: Math.min(...times), cost: costOf(request), what: rootFields(request) };
}

function costOf({ query, variables }) {
  const document = parse(query);
  return costOfOperation(schema, document, getOperationAST(document), variables)?.cost ?? 0;
}

function rootFields({ query }) {
  return query.replace(/^(\w+) R(\(.*?\))? \{/, "$1 {").slice(0, 160);
}

function report() {
  console.log(`${rows.length} accepted, ${rejected} rejected; ${options.tokens} tokens, ${process.version}\n`);
  console.log("| cost | requests | CPU, median ms | p99 | most | µs per unit of cost, median |");
  console.log("|---|--:|--:|--:|--:|--:|");
  const bands = [0, 400, 1_000, 3_000, 10_000, 20_000, maxCost + 1];
  for (const [index, from] of bands.slice(0, -1).entries()) {
    const to = bands[index + 1];
    const band = rows.filter(({ cost }) => cost >= from && cost < to);
    if (band.length === 0) continue;
    const ms = band.map((row) => row.ms);
    const each = band.map((row) => (row.ms * 1_000) / Math.max(1, row.cost));
    const figures = [quantile(ms, 0.5), quantile(ms, 0.99), quantile(ms, 1), quantile(each, 0.5)];
    console.log(`| ${from} to ${to - 1} | ${band.length} | ${figures.map((each) => each.toFixed(1)).join(" | ")} |`);
  }
  const floor = quantile(
    rows.filter(({ cost }) => cost < 400).map(({ ms }) => ms),
    0.5,
  );
  const beyond = ({ ms, cost }) => ms - floor - (cost * limitMs) / maxCost;
  const outliers = rows.filter((row) => beyond(row) > outlierMs).sort((a, b) => beyond(b) - beyond(a));
  console.log(`\n${outliers.length} took over ${outlierMs} ms more than their cost says:`);
  for (const { seed, ms, cost, what } of outliers.slice(0, 20))
    console.log(`  seed ${seed}: ${ms.toFixed(1)} ms for ${cost}: ${what}`);
  const tooMuch = rows.filter(({ ms }) => ms > limitMs);
  if (tooMuch.length === 0) return;
  console.error(`\n${tooMuch.length} accepted requests took over ${limitMs} ms of CPU.`);
  process.exitCode = 1;
}

function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
