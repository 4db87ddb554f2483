// Measures the cost of the most expensive accepted requests, and of rejecting more expensive ones: CPU time of the main
// thread, and of the whole server process with all its threads.
//   node bench/worst-request.mjs [--tokens 10000] [--runs 8]

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createAppContext } from "../dist/app/create-app-context.js";
import { readConfig } from "../dist/infra/config.js";
import { createLogger } from "../dist/infra/logger.js";
import { embeddedDatabase } from "./databases.mjs";
import { addRealisticData } from "./realistic-data.mjs";
import { worstRequests } from "./worst-cases.mjs";

const { values: options } = parseArgs({
  options: { tokens: { type: "string", default: "10000" }, runs: { type: "string", default: "8" } },
});
const runs = Number(options.runs);
/** CPU time above which an accepted request fails the run, in ms: on the main thread, and in total. */
const limitMs = 100;
/** The same in total for a request with logos, which another thread decodes one at a time. */
const logoLimitMs = 300;
/** The same for a request that lets others run in between, on the main thread as well. */
const inPiecesLimitMs = 300;

const database = await embeddedDatabase();
const env = { ...database.env, PATH: process.env.PATH, PORT: "0", LOG_LEVEL: "warn", TRUST_PROXY: "127.0.0.1" };
const { email, tokenId, tokenIds, moduleId } = await addTokens(env);
const server = spawn(process.execPath, [new URL("../dist/cli.js", import.meta.url).pathname, "serve"], {
  env,
  stdio: ["ignore", "pipe", "inherit"],
});
const gone = once(server, "exit");
process.once("exit", () => server.kill("SIGKILL"));
let expensive = 0;
try {
  const [said] = await once(server.stdout, "data");
  const url = /listens on (http[^"\s]+)"/.exec(said)?.[1];
  const cookie = await signIn(url);
  const idle = await idleShare();
  console.log(`${options.tokens} tokens, ${runs} runs each, ${process.version}\n`);
  console.log("| request | bytes | answer | main thread, ms of CPU | in all |");
  console.log("|---|--:|---|--:|--:|");
  for (const { name, body, isLogo, isInPieces } of await worstRequests({ tokenId, tokenIds, moduleId })) {
    const { bytes, answer, accepted, main, all } = await measure(url, cookie, idle, body);
    const mainLimit = isInPieces ? inPiecesLimitMs : limitMs;
    if (accepted && (main > mainLimit || all > (isLogo ? logoLimitMs : mainLimit))) expensive++;
    console.log(`| ${name} | ${bytes} | ${answer} | ${main.toFixed(0)} | ${all.toFixed(0)} |`);
  }
} finally {
  server.kill("SIGTERM");
  await gone;
  await database.remove();
}
if (expensive > 0) {
  console.error(`\n${expensive} accepted requests cost more than ${limitMs} ms of CPU, or ${logoLimitMs} with logos.`);
  process.exitCode = 1;
}

async function measure(url, cookie, idle, body) {
  let last = await ask(url, cookie, body(0));
  await sleep(50);
  const before = cpuMs();
  const began = performance.now();
  for (let run = 1; run <= runs; run++) last = await ask(url, cookie, body(run));
  const took = performance.now() - began;
  const after = cpuMs();
  const spent = (thread) => Math.max(0, after[thread] - before[thread] - took * idle[thread]) / runs;
  return { ...last, bytes: Buffer.byteLength(body(0)), main: spent("main"), all: spent("all") };
}

async function ask(url, cookie, body) {
  // Sign-ins are limited by IP address.
  const ip = `198.51.${Math.floor(Math.random() * 256)}.${Math.floor(Math.random() * 256)}`;
  const headers = { "content-type": "application/json", "x-forwarded-for": ip, cookie };
  const response = await fetch(`${url}/graphql`, { method: "POST", headers, body }).catch(() => null);
  // The server may close the connection while an oversized body is still being sent.
  if (!response) return { answer: "cut off", accepted: false };
  const text = await response.text();
  const { errors = [], data } = text.startsWith("{") ? JSON.parse(text) : {};
  const why = errors[0]?.extensions?.code ?? Object.values(data ?? {})[0]?.userErrors?.[0]?.code ?? "";
  return { answer: `${response.status} ${why}`.trim(), accepted: response.status === 200 && errors.length === 0 };
}

/** In ms. The kernel counts in steps of 10 ms. */
function cpuMs() {
  const ofFile = (path) => {
    const fields = readFileSync(path, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  return { main: ofFile(`/proc/${server.pid}/task/${server.pid}/stat`), all: ofFile(`/proc/${server.pid}/stat`) };
}

/** The idle process's share of CPU time. */
async function idleShare() {
  await sleep(1_000);
  const before = cpuMs();
  await sleep(2_000);
  const after = cpuMs();
  return { main: (after.main - before.main) / 2_000, all: (after.all - before.all) / 2_000 };
}

async function addTokens(settings) {
  const app = await createAppContext(readConfig(settings), createLogger("warn"));
  const { email, ids } = await addRealisticData(app, Number(options.tokens));
  const thousand = await app.dataSource.query(
    "SELECT id FROM api_token WHERE deleted = 0 AND account_id = (SELECT account_id FROM api_token WHERE id = ?) LIMIT 1000",
    [ids.token[0]],
  );
  await app.close();
  return { email, tokenId: ids.token[0], tokenIds: thousand.map(({ id }) => id), moduleId: ids.module[0] };
}

async function signIn(url) {
  const query = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }";
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables: { input: { email, password: "hallpass-seed" } } }),
  });
  return response.headers
    .getSetCookie()
    .map((each) => each.split(";", 1)[0])
    .join("; ");
}
