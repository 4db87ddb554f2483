// Load and the servers under it, each on a core of its own where there are two.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { freePort } from "./databases.mjs";

const connections = 32;
const script = new URL("./random-tokens.lua", import.meta.url).pathname;
const hasTwoCores = cpus().length > 1;
// This process, and what it starts without a core of its own, like a database server, stays off the servers' core.
if (hasTwoCores) spawnSync("taskset", ["-acp", "1", String(process.pid)]);
export const cores = hasTwoCores ? "the server on one core, the load on the other" : "one core for all";

/**
 * @typedef {object} Load
 * @property {number} perSecond
 * @property {number} p50 In ms, like the others.
 * @property {number} p99
 * @property {number} p999
 * @property {number} failed Responses with a status of 400 or more.
 * @property {number} broken Connections that failed, and timeouts.
 */

export function assertWrk() {
  if (spawnSync("wrk", ["--version"]).error) throw new Error("This bench needs wrk: apt-get install wrk");
}

/** Starts a program that listens on PORT, on the first core. */
export async function startServer(args, env) {
  const port = await freePort();
  const child = onCore(0, process.execPath, args, { env: { ...env, NODE_ENV: "production", PORT: String(port) } });
  process.once("exit", () => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  child.stdout.resume();
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/**
 * Sends requests for so many seconds, from the second core. Each presents one of `values`, at random.
 * @param {{ url: string }} server
 * @param {{ path: string, values: string[], seconds: number, post?: { type: string, body: string, as?: string } }} requests `as`: a value to send
 *   instead, with `{token}` in the body standing for the drawn one.
 * @returns {Promise<Load>}
 */
export async function load({ url }, { path, values, seconds, post }) {
  await assertAnswered(url, { path, values, post });
  const folder = mkdtempSync(join(tmpdir(), "hallpass-load-"));
  try {
    const files = [join(folder, "values")];
    writeFileSync(files[0], values.join("\n"));
    if (post) files.push(join(folder, "body"));
    if (post) writeFileSync(files[1], `${post.type}\n${post.as ?? ""}\n${post.body}`);
    const args = [
      "-t1",
      `-c${connections}`,
      `-d${seconds}s`,
      "--timeout",
      "20s",
      "-s",
      script,
      url + path,
      "--",
      ...files,
    ];
    const output = await text(onCore(1, ...first("wrk", args), {}).stdout);
    const { requests, seconds: took, ...rest } = JSON.parse(/^\{.*\}$/m.exec(output)?.[0] ?? "null");
    return { perSecond: requests / took, ...rest };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The same command with a higher priority, if this process may set one: how long wrk waits for a database server on its
 * core is not part of a latency.
 * @returns {[string, string[]]}
 */
const first = (command, args) =>
  process.getuid?.() === 0 ? ["nice", ["-n", "-10", command, ...args]] : [command, args];

/** Throws if a request is answered with an error, which takes less work than the answer that is measured. */
async function assertAnswered(url, { path, values: [value = ""], post }) {
  const headers = {
    authorization: `Bearer ${post?.as ?? value}`,
    ...(post && { "content-type": post.type }),
  };
  const body = post?.body.replace("{token}", value);
  const answer = await fetch(url + path, { headers, ...(post && { method: "POST", body }) });
  const said = await answer.text();
  if (!answer.ok || said.includes('"errors":')) throw new Error(`${path} answered ${answer.status}: ${said}`);
}

export function onCore(core, command, args, options) {
  const stdio = /** @type {const} */ (["ignore", "pipe", "inherit"]);
  return hasTwoCores
    ? spawn("taskset", ["-c", String(core), command, ...args], { stdio, ...options })
    : spawn(command, args, { stdio, ...options });
}
