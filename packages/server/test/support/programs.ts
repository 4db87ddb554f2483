import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "./client.js";
import { freePort, program, programPath, skipsFile } from "./mariadb.js";
import { type Person, password, people, testPlatform } from "./platform.js";

// Real programs, and Hallpass as a separate process.

const cli = join(__dirname, "../../dist/cli.js");
/** Time limit for waiting, in ms. It is not a promise, and generous for slow machines. */
const limitOfPatienceMs = 120_000;
/** How soon an acknowledged change must be in force at every process, in ms. */
const boundMs = 1_000;

/** `describe` if these programs are installed. Otherwise the suite is skipped, or fails on CI. */
export function describeWith(programs: string[], name: string, suite: () => void): void {
  const missing = programs.filter((each) => !programPath(each));
  if (missing.length === 0) {
    describe(name, suite);
    return;
  }
  const why = `${missing.join(" and ")} not installed`;
  if (process.env.CI) throw new Error(`'${name}' cannot run: ${why}.`);
  const known = existsSync(skipsFile) ? JSON.parse(readFileSync(skipsFile, "utf8")) : [];
  writeFileSync(skipsFile, JSON.stringify([...known, { what: name, why }]));
  // Without MariaDB, `describe` is already `describe.skip`.
  (describe.skip ?? describe)(name, suite);
}

/** Polls until the condition holds, and returns how long that took, in ms. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  { limitMs = limitOfPatienceMs, everyMs = 5 }: { limitMs?: number; everyMs?: number } = {},
): Promise<number> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > limitMs) throw new Error(`It did not come about within ${limitMs} ms.`);
    await sleep(everyMs);
  }
  return performance.now() - began;
}

/** The status of a check, retried while the machine is too busy to decide and it returns 503. */
export async function decided(check: () => Promise<number>): Promise<number> {
  let status = 503;
  await until(async () => {
    status = await check();
    return status !== 503;
  });
  return status;
}

/**
 * Polls a check until it has the wanted status, and throws if the bound is broken. The bound runs until a check is
 * sent, not until it is answered, and 503 proves nothing, so no machine is too slow for it.
 */
export async function holdsWithinTheBound(
  check: () => Promise<number>,
  wanted: number,
  acknowledgedAt = performance.now(),
): Promise<void> {
  await until(async () => {
    const askedAfter = performance.now() - acknowledgedAt;
    const status = await check();
    if (status !== wanted && status !== 503 && askedAfter > boundMs)
      throw new Error(`Asked ${Math.round(askedAfter)} ms after the change, it was ${status} and not ${wanted}.`);
    return status === wanted;
  });
}

/**
 * Expects usage to be stored within five seconds, counted as polls at least a tenth of a second apart, so that a busy
 * machine slows both processes.
 */
export async function isStoredInTime(isStored: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 50; look++) {
    if (await isStored()) return;
    await sleep(100);
  }
  throw new Error("It was not stored within five seconds.");
}

export interface Running {
  port: number;
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
  /** Kills it, like a power failure. */
  kill(): Promise<void>;
}

/** Starts a program and waits until it accepts connections on the port. */
export async function startProgram(name: string, args: string[], port: number): Promise<Running> {
  const child = spawn(program(name), args, { stdio: "ignore" });
  await until(() => ended(child, name) || accepts(port), { limitMs: limitOfPatienceMs, everyMs: 20 });
  return {
    port,
    signal: (signal) => void child.kill(signal),
    stop: () => end(child, "SIGTERM"),
    kill: () => end(child, "SIGKILL"),
  };
}

export async function startRedis(port?: number): Promise<Running> {
  const on = port ?? (await freePort());
  return startProgram("redis-server", ["--port", String(on), "--bind", "127.0.0.1", "--save", ""], on);
}

/** Hallpass as a separate process. */
export class HallpassProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Writes its output to the log file, if given. */
  static async start(env: Record<string, string>, logFile?: string, ...args: string[]): Promise<HallpassProcess> {
    const settings = { HOST: "127.0.0.1", PORT: "0", TRUST_PROXY: "127.0.0.1", LOG_LEVEL: "fatal", ...env };
    const log = logFile === undefined ? undefined : openSync(logFile, "a");
    const start = logFile === undefined ? 0 : statSync(logFile).size;
    const child = spawn(process.execPath, [cli, "serve", ...args], {
      env: { PATH: process.env.PATH, ...settings },
      stdio: ["ignore", log ?? "pipe", log ?? "inherit"],
    });
    if (log !== undefined) closeSync(log);
    let said = "";
    child.stdout?.on("data", (chunk) => {
      said += chunk;
    });
    const saidUntilNow = () => (logFile === undefined ? said : readFileSync(logFile, "latin1").slice(start));
    const url = () => /listens on (http[^"\s]+)"/.exec(saidUntilNow())?.[1];
    await until(() => ended(child, "hallpass serve") || url() !== undefined, {
      limitMs: limitOfPatienceMs,
      everyMs: 20,
    });
    return new HallpassProcess(url() ?? "", child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  nobody(): Client {
    return new Client(this.url);
  }

  program(value: string): Client {
    return new Client(this.url, { Authorization: `Bearer ${value}` });
  }

  async signIn(person: Person): Promise<Client> {
    const client = this.nobody();
    await client.mutate("signIn", { email: people[person].email, password });
    return client;
  }

  /** The gateway check's status. */
  async check(value: string, path = "/authorize"): Promise<number> {
    const answer = await fetch(new URL(path, this.url), { headers: { Authorization: `Bearer ${value}` } });
    await answer.arrayBuffer();
    return answer.status;
  }

  /** Stops it with SIGTERM and returns the exit status. */
  async stop(): Promise<number | null> {
    await end(this.child, "SIGTERM");
    return this.child.exitCode;
  }

  kill(): Promise<void> {
    return end(this.child, "SIGKILL");
  }
}

/** Runs a Hallpass command and returns its output. */
export async function runCommand(env: Record<string, string>, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`hallpass ${args.join(" ")} ended with ${status}`);
  return said;
}

/** Applies a platform, by default the test's, as an operator would. */
export async function applyPlatformFile(
  env: Record<string, string>,
  platform: object = testPlatform(),
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "hallpass-platform-"));
  const file = join(folder, "platform.json");
  writeFileSync(file, JSON.stringify(platform));
  try {
    return await runCommand(env, "apply", file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ended({ exitCode, signalCode }: ChildProcess, name: string): false {
  if (exitCode !== null || signalCode !== null) throw new Error(`${name} ended with ${exitCode ?? signalCode}.`);
  return false;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
}
