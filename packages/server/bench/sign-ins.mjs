// Measures check latency while 100 people sign in at once, compared with no sign-ins.
//   node bench/sign-ins.mjs [--rounds 5] [--seconds 5] [--people 100] [--limit 3]

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
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
  options: {
    /** Measurements with and without sign-ins alternate, so that other load on the machine affects both. */
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "5" },
    people: { type: "string", default: "100" },
    /** Maximum ratio of the p99 during sign-ins to the idle p99. Beyond it, the run fails. */
    limit: { type: "string", default: "3" },
    /** Set in the processes that generate the load. */
    load: { type: "string" },
  },
});
const seconds = Number(options.seconds);
/** Each waits for its response, then pauses: about 1,000 checks a second in total. */
const checkers = 20;
const pauseMs = 20;
const email = "ada@measured.example";
const password = "correct horse battery";

if (options.load === "checks") await check(process.env.URL, JSON.parse(process.env.VALUES ?? "[]"));
else if (options.load === "sign-ins") await signInAll(process.env.URL);
else await measure();

async function measure() {
  const databases = [await embeddedDatabase(), await throwawayMariaDb()].filter((each) => each !== null);
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
  console.log(`${options.rounds} rounds of ${seconds} s each; medians\n`);
  console.log("| | checks a second | p50 ms | p99 ms | p99 to idle | sign-ins a second | refused a second |");
  console.log("|---|--:|--:|--:|--:|--:|--:|");
  for (const database of databases) {
    const server = await start(database);
    await signIns(server, "patient");
    const rounds = [];
    for (let round = 0; round < Number(options.rounds); round++)
      rounds.push({
        idle: await server.load("checks"),
        patient: await signIns(server, "patient"),
        impatient: await signIns(server, "impatient"),
      });
    const p99 = (what) => median(rounds.map((each) => each[what].p99));
    for (const what of ["idle", "patient", "impatient"]) {
      const of = (figure) => median(rounds.map((each) => each[what][figure] ?? 0));
      const cells = [
        of("count") / seconds,
        of("p50"),
        of("p99"),
        p99(what) / p99("idle"),
        of("signedIn"),
        of("refused"),
      ];
      const name = what === "idle" ? what : `${options.people} ${what} people sign in`;
      console.log(`| ${database.name}, ${name} | ${cells.map((each) => each.toFixed(1)).join(" | ")} |`);
    }
    if (p99("patient") > p99("idle") * Number(options.limit)) process.exitCode = 1;
    await server.stop();
    await database.remove();
  }
  if (process.exitCode) console.error(`\nBeyond ${options.limit} times the idle p99.`);
}

function median(figures) {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];
}

/** Measures checks while people sign in. Patient people wait as long as Retry-After says, the others retry at once. */
async function signIns(server, patience) {
  const duration = seconds + 2;
  const running = server.load("sign-ins", duration, { PATIENCE: patience });
  await sleep(1_000);
  const checks = await server.load("checks");
  const { signedIn, refused } = await running;
  return { ...checks, signedIn: signedIn / duration, refused: refused / duration };
}

/** A separate server, which may use every core, with a user and tokens. */
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
  console.log(JSON.stringify({ count: took.length, p50: at(0.5), p99: at(0.99) }));
}

/** Signs people in repeatedly, with the right password every other time. */
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

/** Each sign-in has its own IP address, so that only the concurrency limit applies. */
async function signIn(url, number) {
  const query = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
  const input = { email, password: number % 2 ? password : "wrong" };
  const ip = `10.${[...randomBytes(3)].join(".")}`;
  const answer = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-for": ip },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const text = await answer.text();
  if (answer.status !== 429 && !text.includes('"userErrors":[')) throw new Error(`A sign-in was answered ${text}`);
  return answer;
}

function together(count, work) {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}
