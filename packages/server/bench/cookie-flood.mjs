// Measures checks of warm tokens and a signed-in user's requests during an anonymous flood of unknown session cookies.
//   node bench/cookie-flood.mjs [--seconds 8] [--connections 200]
// Exits with 1 if a check returned anything but 200, or if the change feed fell behind its bound.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpus } from "node:os";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createAppContext } from "../dist/app/create-app-context.js";
import { applyPlatform } from "../dist/features/platform/apply-platform.js";
import { readConfig } from "../dist/infra/config.js";
import { createLogger } from "../dist/infra/logger.js";
import { embeddedDatabase, freePort, throwawayMariaDb } from "./databases.mjs";
import { addTokens } from "./tokens.mjs";

const { values: options } = parseArgs({
  options: { seconds: { type: "string", default: "8" }, connections: { type: "string", default: "200" } },
});
const seconds = Number(options.seconds);
const checksPerSecond = 500;
/** The change feed's bound, in seconds. */
const bound = 1;
const query = JSON.stringify({ query: "{ viewer { role } }" });

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${seconds} s each\n`);
console.log(
  "| | check p50 ms | p99 | a person's request p50 ms | p99 | feed behind, most s | flood a second | its answers |",
);
console.log("|---|--:|--:|--:|--:|--:|--:|---|");
for (const database of [await embeddedDatabase(), await throwawayMariaDb()]) {
  if (!database) continue;
  const server = await start(database);
  await show(`${database.name}, idle`, server);
  await show(`${database.name}, garbage`, server, () => "garbage");
  await show(`${database.name}, random cookies`, server, () => randomBytes(32).toString("base64url"));
  server.process.kill("SIGTERM");
  await sleep(2_000);
  await database.remove();
}

async function show(name, server, cookie) {
  const requests = cookie && Array.from({ length: 5_000 }, () => graphql({ cookie: `hallpass=${cookie()}` }));
  const flood = requests && load(server, requests, { connections: Number(options.connections), duration: seconds + 2 });
  await sleep(1_000);
  const ages = watchFeed(server);
  const [checks, person] = await Promise.all([
    load(server, server.checks, { connections: 10, rate: checksPerSecond }),
    load(server, [graphql({ cookie: server.cookie, "x-forwarded-for": "198.51.100.9" })], { connections: 2, rate: 20 }),
  ]);
  const age = await ages();
  const flooded = await flood;
  const isKept = Object.keys(checks.statuses).join() === "200" && checks.errors === 0 && age < bound;
  if (!isKept) process.exitCode = 1;
  const cells = [name, checks.p50, checks.p99, person.p50, person.p99, age.toFixed(2)];
  console.log(`| ${[...cells, flooded ? Math.round(flooded.perSecond) : "", counts(flooded?.statuses)].join(" | ")} |`);
  if (!isKept) console.error(`Checks were answered ${counts(checks.statuses)}, ${checks.errors} not at all.`);
}

function counts(statuses = {}) {
  return Object.entries(statuses)
    .map(([status, count]) => `${status}: ${count}`)
    .join(", ");
}

function graphql(headers) {
  return { method: "POST", path: "/graphql", headers: { "content-type": "application/json", ...headers }, body: query };
}

/** The returned function stops polling and returns the maximum age of the feed, in seconds. */
function watchFeed({ url }) {
  let most = 0;
  let done = false;
  const watching = (async () => {
    for (; !done; await sleep(50)) {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      most = Math.max(most, Number(/^hallpass_change_feed_age_seconds (\S+)$/m.exec(metrics)?.[1]));
    }
  })();
  return async () => {
    done = true;
    await watching;
    return most;
  };
}

async function start(database) {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    ...database.env,
    PORT: String(port),
    LOG_LEVEL: "error",
    TRUST_PROXY: "127.0.0.1",
  };
  const { values } = await addTokens(env, 1_000);
  const person = { email: "ada@measured.example", password: "correct horse battery" };
  const app = await createAppContext(readConfig(env), createLogger("error"));
  const account = { id: "ACC-7000-0009", name: "Measured", type: "CLIENT", modules: [] };
  const user = { id: "USR-7000-0001", name: "Ada", ...person, roles: { [account.id]: "ADMIN" } };
  await applyPlatform(app, { modules: [], accounts: [account], users: [user] });
  await app.close();
  const cli = new URL("../dist/cli.js", import.meta.url).pathname;
  const child = spawn(process.execPath, [cli, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const url = `http://127.0.0.1:${port}`;
  const checks = values.map((value) => ({ path: "/authorize", headers: { authorization: `Bearer ${value}` } }));
  const server = { process: child, url, checks, cookie: await signIn(url, person) };
  await load(server, checks, { connections: 10, duration: 3 });
  return server;
}

async function signIn(url, input) {
  const signIn = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }";
  const answer = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: signIn, variables: { input } }),
  });
  return `${answer.headers.get("set-cookie")}`.split(";", 1)[0];
}

async function load({ url }, requests, { connections, duration = seconds, rate = 0 }) {
  const child = spawn(process.execPath, [new URL("load.mjs", import.meta.url).pathname], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify({ url, seconds: duration, connections, rate, requests }));
  return JSON.parse(await text(child.stdout));
}
