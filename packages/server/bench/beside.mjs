// Latency of checks beside work of other people on the same cores: searches that match nothing, and verifications and
// exports of a long audit trail.
//   node bench/beside.mjs [--seconds 5] [--rounds 3] [--records 100000]

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createAppContext } from "../dist/app/create-app-context.js";
import { systemContext } from "../dist/commands/with-app.js";
import { inTransaction } from "../dist/db/transaction.js";
import { createApiToken } from "../dist/features/api-tokens/changes/create-api-token.js";
import { writeAuditRecords } from "../dist/features/audit/write-audit-record.js";
import { readConfig } from "../dist/infra/config.js";
import { createLogger } from "../dist/infra/logger.js";
import { embeddedDatabase, throwawayMariaDb } from "./databases.mjs";
import { accountId, addTokens, adminModules } from "./tokens.mjs";
import { assertWrk, cores, load, startServer } from "./wrk.mjs";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    records: { type: "string", default: "100000" },
  },
});
const seconds = Number(options.seconds);
/** Of a p99 beside other work, times the idle one. */
const goal = 3;
const missed = [];
const tokens = 100_000;
const inUse = 10_000;

assertWrk();
console.log(`Node ${process.version}, 32 connections, ${options.rounds} rounds of ${seconds} s, ${cores}. Medians.`);
for (const open of [embeddedDatabase, throwawayMariaDb]) {
  const database = await open();
  if (!database) console.log("\nMariaDB was not measured: there is no mariadbd on this machine.");
  else await measure(database);
}
console.log(
  missed.length > 0 ? `\nFalls short:\n${missed.map((each) => `- ${each}`).join("\n")}` : "\nAll goals are met.",
);
process.exit(process.exitCode);

async function measure(database) {
  console.error(`${database.name}: adding ${tokens} tokens and ${options.records} audit records`);
  const env = { ...process.env, ...database.env, LOG_LEVEL: "error" };
  const { values, admin } = await addTokens(env, tokens);
  const callers = await addTrail(env, Number(options.records));
  const server = await startServer(["dist/cli.js", "serve"], env);
  const search = '{ apiTokens(filter: { search: "no such robot" }) { totalCount nodes { id } } }';
  const searches = Array.from({ length: 10 }, () => () => ask(server.url, admin.value, "/graphql", search));
  /** By another caller each time, as each may do so 30 times in five minutes. */
  const wholeTrail = () => {
    const caller = callers.pop() ?? "";
    return [
      () => ask(server.url, caller, "/graphql", "{ auditTrailVerification { records } }"),
      () => ask(server.url, caller, "/exports/audit-trail.csv"),
    ];
  };
  const cases = {
    idle: () => [],
    "ten searches": () => searches,
    "a verification and an export": wholeTrail,
    "all of these": () => [...searches, ...wholeTrail()],
  };
  const loads = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  const checks = { path: "/authorize", values: values.slice(0, inUse), seconds };
  // Fills caches and starts what starts with the first request.
  await beside(cases["all of these"](), () => load(server, checks));
  for (let round = 0; round < Number(options.rounds); round++)
    for (const [name, work] of Object.entries(cases)) {
      console.error(`${database.name}, round ${round + 1} of ${options.rounds}: ${name}`);
      loads[name].push(await beside(work(), () => load(server, checks)));
    }
  report(database.name, loads);
  await server.stop();
  await database.remove();
}

/** Adds so many records, and as many tokens that may read them as the rounds need. Returns their values. */
async function addTrail(env, count) {
  const app = await createAppContext(readConfig(env), createLogger("error"));
  const call = await systemContext(app, accountId);
  const record = {
    event: "account.renamed",
    summary: "The account was renamed",
    object: { id: accountId, name: "Measured" },
  };
  for (let written = 0; written < count; written += 1_000)
    await inTransaction(app.dataSource, (tx) => writeAuditRecords(tx, call, Array(1_000).fill(record)));
  const values = [];
  for (let caller = 0; caller < 2 * Number(options.rounds) + 1; caller++)
    values.push((await createApiToken(call, { name: "Auditor", moduleIds: adminModules })).value);
  await app.close();
  return values;
}

async function ask(url, value, path, query) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${value}` };
  const body = query && JSON.stringify({ query });
  const response = await fetch(url + path, { headers, ...(body && { method: "POST", body }) });
  const said = await response.text();
  if (!response.ok || said.startsWith('{"errors"'))
    throw new Error(`${path} answered ${response.status}: ${said.slice(0, 500)}`);
}

/** Repeats each piece of work until `measured` has ended, and counts how much of it was done a second. */
async function beside(work, measured) {
  let isOver = false;
  let done = 0;
  const running = work.map(async (once) => {
    while (!isOver) {
      await once();
      if (!isOver) done++;
      await sleep(10);
    }
  });
  const result = await measured();
  isOver = true;
  await Promise.all(running);
  return { ...result, done: done / seconds };
}

function report(name, loads) {
  console.log(`\n## ${name}\n`);
  console.log("| checks beside | a second | p50 ms | p99 ms | p99.9 ms | p99 to idle | failed | other work a second |");
  console.log("|---|--:|--:|--:|--:|--:|--:|--:|");
  const idle = median(loads.idle, "p99");
  for (const [work, measured] of Object.entries(loads)) {
    const figures = [Math.round(median(measured, "perSecond")).toLocaleString("en")];
    for (const figure of ["p50", "p99", "p999"]) figures.push(median(measured, figure).toFixed(1));
    const ratio = median(measured, "p99") / idle;
    const failed = measured.reduce((sum, each) => sum + each.failed + each.broken, 0);
    figures.push(ratio.toFixed(1), String(failed), median(measured, "done").toFixed(1));
    console.log(`| ${work} | ${figures.join(" | ")} |`);
    if (ratio > goal) missed.push(`${name}, ${work}: p99 ${ratio.toFixed(1)} times the idle one, not ${goal}`);
    // Denials are faster than decisions.
    if (failed > 0) process.exitCode = 1;
  }
}

function median(loads, figure) {
  return loads.map((each) => each[figure]).toSorted((a, b) => a - b)[Math.floor(loads.length / 2)];
}
