// Requests a second and latency beside the same libraries without Hallpass's decisions and storage (limit.mjs), in
// turns. Tokens are drawn at random from as many as a case says.
//   node bench/throughput.mjs [--seconds 5] [--rounds 3] [--short]
// --short measures three cases on the embedded database once, and compares them with ratios.json.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { embeddedDatabase, throwawayMariaDb } from "./databases.mjs";
import { addTokens } from "./tokens.mjs";
import { assertWrk, cores, load, startServer } from "./wrk.mjs";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    short: { type: "boolean", default: false },
  },
});
const seconds = Number(options.seconds);
const rounds = options.short ? 1 : Number(options.rounds);
const committed = JSON.parse(readFileSync(new URL("ratios.json", import.meta.url), "utf8"));

const list = (first) =>
  JSON.stringify({
    query: `{ apiTokens(first: ${first}) { nodes { id name status moduleCount createdAt version }
      pageInfo { hasNextPage endCursor } } }`,
  });
const graphql = (first) => ({ path: "/graphql", post: { type: "application/json", body: list(first) } });

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {number} inUse Tokens drawn from.
 * @property {string} path
 * @property {{ type: string, body: string }} [post]
 * @property {boolean} [inShort]
 * @property {number} goal Of the limit.
 * @property {number} p99Goal Times the limit's.
 */

/** @type {Case[]} */
const cases = [
  { name: "`/authorize`, 300 tokens in use", path: "/authorize", inUse: 300, goal: 0.7, p99Goal: 4 },
  {
    name: "`/authorize`, 10,000 tokens in use",
    path: "/authorize",
    inUse: 10_000,
    goal: 0.7,
    p99Goal: 4,
    inShort: true,
  },
  { name: "`/authorize`, 100,000 tokens in use", path: "/authorize", inUse: 100_000, goal: 0.6, p99Goal: 4 },
  { name: "introspection, 10,000 tokens in use", path: "/oauth2/introspect", inUse: 10_000, goal: 0.6, p99Goal: 4 },
  { name: "GraphQL, ten tokens", ...graphql(10), inUse: 1_000, goal: 0.6, p99Goal: 3, inShort: true },
  { name: "GraphQL, a hundred tokens", ...graphql(100), inUse: 1_000, goal: 0.5, p99Goal: 3, inShort: true },
];

assertWrk();
const chosen = cases.filter(({ inShort }) => inShort || !options.short);
const most = Math.max(...chosen.map(({ inUse }) => inUse));
const databases = options.short ? [embeddedDatabase] : [embeddedDatabase, throwawayMariaDb];
console.log(`Node ${process.version}, 32 connections, ${rounds} rounds of ${seconds} s, ${cores}. Medians.`);
console.log(
  `Takes about ${Math.ceil((databases.length * (chosen.length * 2 * rounds * (seconds + 1) + 30)) / 60)} minutes.`,
);

const missed = [];
for (const open of databases) {
  const database = await open();
  if (!database) console.log("\nMariaDB was not measured: there is no mariadbd on this machine.");
  else await measure(database);
}
console.log(
  missed.length > 0 ? `\nFalls short:\n${missed.map((each) => `- ${each}`).join("\n")}` : "\nAll goals are met.",
);
process.exit(0);

async function measure(database) {
  console.error(`${database.name}: adding ${most} tokens`);
  const env = { ...process.env, ...database.env, LOG_LEVEL: "error" };
  const { values, admin } = await addTokens(env, most);
  const hallpass = await startServer(["dist/cli.js", "serve"], env);
  const limit = await startServer(["bench/limit.mjs"], env);
  const measured = chosen.map((each) => ({ each, limits: [], loads: [] }));
  for (let round = 0; round < rounds; round++)
    for (const { each, limits, loads } of measured) {
      console.error(`${database.name}, round ${round + 1} of ${rounds}: ${each.name}`);
      const requests = requestsOf(each, values, admin.value);
      if (round === 0) await warmUp(hallpass, requests);
      if (round === 0) await load(limit, { ...requests, seconds: 1 });
      limits.push(await load(limit, { ...requests, seconds }));
      loads.push(await load(hallpass, { ...requests, seconds }));
    }
  report(database, measured);
  await Promise.all([hallpass.stop(), limit.stop()]);
  await database.remove();
}

/** Every token is presented once before, as 100,000 drawn at random would take minutes to be in the cache. */
async function warmUp(server, requests) {
  const waiting = requests.path === "/authorize" ? [...requests.values] : [];
  const present = async () => {
    for (let value = waiting.pop(); value; value = waiting.pop()) {
      const answer = await fetch(server.url + requests.path, { headers: { authorization: `Bearer ${value}` } });
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 32 }, present));
  await load(server, { ...requests, seconds: 2 });
}

function requestsOf({ path, post, inUse }, values, verifier) {
  const drawn = values.slice(0, inUse);
  if (path !== "/oauth2/introspect") return { path, ...(post && { post }), values: drawn };
  const type = "application/x-www-form-urlencoded";
  return { path, values: drawn, post: { type, body: "token={token}", as: verifier } };
}

function report(database, measured) {
  console.log(`\n## ${database.name}\n`);
  console.log("| | of the limit | p99 to the limit's | a second | p50 ms | p99 ms | p99.9 ms | failed |");
  console.log("|---|--:|--:|--:|--:|--:|--:|--:|");
  for (const { each, limits, loads } of measured) {
    const ours = medians(loads);
    const theirs = medians(limits);
    const ratio = ours.perSecond / theirs.perSecond;
    const p99Ratio = ours.p99 / theirs.p99;
    const cells = [ratio.toFixed(2), p99Ratio.toFixed(1), Math.round(ours.perSecond).toLocaleString("en")];
    for (const figure of [ours.p50, ours.p99, ours.p999]) cells.push(figure.toFixed(1));
    console.log(`| ${each.name} | ${cells.join(" | ")} | ${ours.failed + ours.broken} |`);
    const name = `${database.name}, ${each.name}`;
    if (ratio < each.goal) missed.push(`${name}: ${ratio.toFixed(2)} of the limit, not ${each.goal}`);
    if (p99Ratio > each.p99Goal)
      missed.push(`${name}: p99 ${p99Ratio.toFixed(1)} times the limit's, not ${each.p99Goal}`);
    const before = committed[each.name];
    if (options.short && ratio < (before * 2) / 3)
      console.log(`WARNING: ${each.name} fell from ${before} to ${ratio.toFixed(2)} of the limit.`);
  }
}

function medians(loads) {
  const of = (figure) => loads.map((each) => each[figure]).toSorted((a, b) => a - b)[Math.floor(loads.length / 2)];
  return Object.fromEntries(Object.keys(loads[0]).map((figure) => [figure, of(figure)]));
}
