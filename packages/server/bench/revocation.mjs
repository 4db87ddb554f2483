// Counts checks that still allow a token after its disabling was acknowledged: in the process that acknowledged it, and
// in another process with Redis, without it, and with Redis killed.
//   node bench/revocation.mjs [--disables 10000] [--others 200]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { embeddedDatabase, freePort, throwawayMariaDb } from "./databases.mjs";
import { addTokens } from "./tokens.mjs";

const { values: options } = parseArgs({
  options: { disables: { type: "string", default: "10000" }, others: { type: "string", default: "200" } },
});
process.setMaxListeners(50);
const workers = 20;
const checksAfter = 4;
/** The bound promised for other processes, in ms. */
const bound = 1_000;

const database = (await throwawayMariaDb()) ?? (await embeddedDatabase());
const env = { ...process.env, ...database.env, LOG_LEVEL: process.env.LOG_LEVEL ?? "fatal" };
const { values, admin } = await addTokens(env, workers);
const tokens = values.map((value) => ({ value, id: `TKN-${value.slice(3, 7)}-${value.slice(7, 11)}` }));
console.log(`${database.name}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`);

let isBroken = await sameProcess(Number(options.disables));
if (database.env.DATABASE_URL) {
  const redis = await startRedis();
  console.log("\n| the other process | disables | median ms | p99 | slowest |\n|---|--:|--:|--:|--:|");
  isBroken = (await otherProcess("without Redis", {})) || isBroken;
  if (redis) {
    isBroken = (await otherProcess("with Redis", { REDIS_URL: redis.url })) || isBroken;
    isBroken = (await otherProcess("with Redis, killed", { REDIS_URL: redis.url }, redis.kill)) || isBroken;
  }
}
await database.remove();
process.exit(isBroken ? 1 : 0);

/** Disables and enables each token repeatedly while two clients check it continuously. */
async function sameProcess(disables) {
  const hallpass = await start({});
  const total = { disables: 0, checks: 0, after: 0, passed: 0 };
  const began = performance.now();
  await eachToken(async (token) => {
    while (total.disables < disables) {
      total.disables++;
      const state = { acknowledged: false, after: 0 };
      const askers = [ask(hallpass, token, state, total), ask(hallpass, token, state, total)];
      await change(hallpass, "disableApiToken", token.id);
      state.acknowledged = true;
      await Promise.all(askers);
      await change(hallpass, "enableApiToken", token.id);
    }
  });
  await hallpass.kill();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`The same process: ${total.disables} disables in ${seconds} s among ${total.checks} checks.`);
  console.log(`Of ${total.after} checks after the acknowledgement, ${total.passed} passed (promised: 0).`);
  return total.passed > 0;
}

async function ask(hallpass, token, state, total) {
  while (state.after < checksAfter) {
    const isLate = state.acknowledged;
    const status = await check(hallpass, token);
    total.checks++;
    if (!isLate) continue;
    state.after++;
    total.after++;
    if (status !== 401) total.passed++;
  }
}

/** Measures how long after the acknowledgement another process still allowed the token. */
async function otherProcess(name, settings, onceWarm = async () => {}) {
  const [first, second] = [await start(settings), await start(settings)];
  const times = [];
  await sleep(500);
  await onceWarm();
  await eachToken(async (token) => {
    while (times.length < Number(options.others)) {
      while ((await check(second, token)) !== 200) await sleep(10);
      await sleep(Math.random() * 300);
      await check(second, token);
      await change(first, "disableApiToken", token.id);
      const acknowledged = performance.now();
      let last = 0;
      for (let sent = acknowledged; (await check(second, token)) === 200; sent = performance.now())
        last = sent - acknowledged;
      times.push(last);
      await change(first, "enableApiToken", token.id);
    }
  });
  await first.kill();
  await second.kill();
  times.sort((a, b) => a - b);
  const figures = [0.5, 0.99, 1].map((share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]);
  console.log(`| ${name} | ${times.length} | ${figures.map((each) => each.toFixed(0)).join(" | ")} |`);
  return (times.at(-1) ?? 0) > bound;
}

function eachToken(work) {
  return Promise.all(tokens.map(work));
}

async function check({ url }, { value }) {
  const answer = await fetch(`${url}/authorize`, { headers: { authorization: `Bearer ${value}` } });
  await answer.arrayBuffer();
  return answer.status;
}

async function change({ url }, field, id) {
  const answer = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${admin.value}` },
    body: JSON.stringify({ query: `mutation { ${field}(input: { id: "${id}" }) { userErrors { message } } }` }),
  });
  const { data, errors } = await answer.json();
  // The machine was too busy and the change was not made. Retry it.
  if (errors?.[0].extensions.code === "SERVICE_UNAVAILABLE") return change({ url }, field, id);
  if (errors || data[field].userErrors.length > 0) throw new Error(JSON.stringify(errors ?? data[field].userErrors));
}

async function start(settings) {
  const port = await freePort();
  const child = spawn(process.execPath, ["dist/cli.js", "serve"], {
    env: { ...env, ...settings, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return { url: `http://127.0.0.1:${port}`, kill: () => ended(child) };
}

/** Null if redis-server is not installed. */
async function startRedis() {
  const port = await freePort();
  const child = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", ""], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const isThere = await Promise.race([
    once(child.stdout, "data").then(() => true),
    once(child, "error").then(() => false),
  ]);
  return isThere ? { url: `redis://127.0.0.1:${port}`, kill: () => ended(child) } : null;
}

async function ended(child) {
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
