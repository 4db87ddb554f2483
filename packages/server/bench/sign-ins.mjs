// How long checks take while 100 people sign in at once, beside how long they take while nobody does.
//   node bench/sign-ins.mjs [--seconds 20] [--people 100] [--limit 3]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createAppContext } from "../dist/app-context.js";
import { readConfig } from "../dist/config.js";
import { applyPlatform } from "../dist/features/platform/apply-platform.js";
import { createLogger } from "../dist/logger.js";
import { embeddedDatabase, freePort, throwawayMariaDb } from "./databases.mjs";
import { addTokens } from "./tokens.mjs";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    people: { type: "string", default: "100" },
    /** The p99 under sign-ins may be so many times the idle one; beyond it the run fails. */
    limit: { type: "string", default: "3" },
    /** Set in the processes that make the load. */
    load: { type: "string" },
  },
});
const seconds = Number(options.seconds);
/** Each waits for its answer and then a moment: about 1,000 checks a second. */
const checkers = 20;
const pauseMs = 20;
const email = "ada@measured.example";
const password = "correct horse battery";

if (options.load === "checks") await check(process.env.URL, JSON.parse(process.env.VALUES ?? "[]"));
else if (options.load === "sign-ins") await signInAll(process.env.URL);
else await measure();

async function measure() {
  const databases = [await embeddedDatabase(), await throwawayMariaDb()].filter((each) => each !== null);
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${seconds} s each\n`);
  console.log(`| | checks | p50 ms | p99 ms | slowest | p99 to idle | sign-ins a second | refused |`);
  console.log("|---|--:|--:|--:|--:|--:|--:|--:|");
  for (const database of databases) {
    const server = await start(database);
    await server.load("checks", Math.min(3, seconds));
    const idle = (await server.load("checks")).checks;
    show(`${database.name}, idle`, idle);
    for (const patience of ["patient", "impatient"]) {
      const signIns = server.load("sign-ins", seconds + 2, { PATIENCE: patience });
      await sleep(1_000);
      const { checks } = await server.load("checks");
      const { signedIn, refused } = await signIns;
      const ratio = checks.p99 / idle.p99;
      show(`${database.name}, ${options.people} ${patience} people sign in`, checks, [
        ratio.toFixed(1),
        (signedIn / (seconds + 2)).toFixed(0),
        refused,
      ]);
      if (patience === "patient" && ratio > Number(options.limit)) process.exitCode = 1;
    }
    await server.stop();
    await database.remove();
  }
  if (process.exitCode) console.error(`\nBeyond ${options.limit} times the idle p99.`);
}

function show(name, { count, p50, p99, slowest }, more = ["", "", ""]) {
  const cells = [name, count, ...[p50, p99, slowest].map((each) => each.toFixed(1)), ...more];
  console.log(`| ${cells.join(" | ")} |`);
}

/** A server of its own, which may use every core, with a person and tokens. */
async function start(database) {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    ...database.env,
    PORT: String(port),
    LOG_LEVEL: "warn",
    TRUST_PROXY: "127.0.0.1",
  };
  const { values } = await addTokens(env, 100);
  const app = await createAppContext(readConfig(env), createLogger("warn"));
  const account = { id: "ACC-7000-0009", name: "Measured", type: "OPERATIONS", modules: [] };
  const user = { id: "USR-7000-0001", name: "Ada", email, password, roles: { [account.id]: "ADMIN" } };
  await applyPlatform(app, { modules: [], accounts: [account], users: [user] });
  await app.close();
  const cli = new URL("../dist/cli.js", import.meta.url).pathname;
  const server = spawn(process.execPath, [cli, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => server.kill("SIGKILL"));
  await once(server.stdout, "data");
  return {
    async load(what, duration = seconds, settings = {}) {
      const args = [import.meta.filename, "--load", what, "--seconds", String(duration), "--people", options.people];
      const child = spawn(process.execPath, args, {
        env: { ...settings, URL: `http://127.0.0.1:${port}`, VALUES: JSON.stringify(values) },
        stdio: ["ignore", "pipe", "inherit"],
      });
      return JSON.parse(await text(child.stdout));
    },
    async stop() {
      const gone = once(server, "exit");
      server.kill("SIGTERM");
      await gone;
    },
  };
}

async function check(url, values) {
  const took = [];
  const until = performance.now() + seconds * 1_000;
  await together(checkers, async (index) => {
    await sleep((index * pauseMs) / checkers);
    while (performance.now() < until) {
      const authorization = `Bearer ${values[took.length % values.length]}`;
      const began = performance.now();
      const answer = await fetch(`${url}/authorize`, { headers: { authorization } });
      await answer.arrayBuffer();
      took.push(performance.now() - began);
      if (answer.status !== 200) throw new Error(`A check was answered ${answer.status}`);
      await sleep(pauseMs);
    }
  });
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))];
  console.log(JSON.stringify({ checks: { count: took.length, p50: at(0.5), p99: at(0.99), slowest: at(1) } }));
}

/** People who sign in over and over, with the right password every other time. */
async function signInAll(url) {
  const until = performance.now() + seconds * 1_000;
  const total = { attempts: 0, signedIn: 0, refused: 0 };
  await together(Number(options.people), async () => {
    while (performance.now() < until) {
      const answer = await signIn(url, total.attempts++);
      if (answer.status !== 429) total.signedIn++;
      else {
        total.refused++;
        if (process.env.PATIENCE === "patient") await sleep(Number(answer.headers.get("retry-after")) * 1_000);
      }
    }
  });
  console.log(JSON.stringify(total));
}

/** Each from an address of its own, so that only the number of those at once is limited. */
async function signIn(url, number) {
  const query = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
  const input = { email, password: number % 2 ? password : "wrong" };
  const address = `198.${18 + ((number >> 16) & 1)}.${(number >> 8) & 255}.${number & 255}`;
  const answer = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-for": address },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const text = await answer.text();
  if (answer.status !== 429 && !text.includes('"userErrors":[')) throw new Error(`A sign-in was answered ${text}`);
  return answer;
}

function together(count, work) {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}
