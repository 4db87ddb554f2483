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

// Real programs beside Hallpass, and Hallpass itself as a process of its own.

const cli = join(__dirname, "../../dist/cli.js");
/** For what never comes, in ms. Nothing is promised by it, and a slow machine needs long. */
const limitOfPatienceMs = 120_000;
/** Within this after its acknowledgement a change is in force at every process, in ms. */
const boundMs = 1_000;

/** `describe` where these programs are installed. Elsewhere the suite counts as skipped, and on CI it fails. */
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
  // Without MariaDB `describe` is already the one that skips.
  (describe.skip ?? describe)(name, suite);
}

/** Asks again and again until the answer is as it should be, and gives how long that took, in ms. */
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

/** The status of a check that could be decided: while the machine is too busy to read what it depends on, it is 503. */
export async function decided(check: () => Promise<number>): Promise<number> {
  let status = 503;
  await until(async () => {
    status = await check();
    return status !== 503;
  });
  return status;
}

/**
 * Asks for a check's status until it is as it should be, and throws when the bound is broken. The bound runs until a check was
 * asked for, not until its answer came, and one that could not be decided says nothing: so no machine is too slow for it.
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
 * Usage is stored within five seconds. They are counted in looks at the database, a tenth of a second and more apart, so that a
 * machine on which the process gets no time to write gives this one none to look either.
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
  /** Ends it as a power failure would. */
  kill(): Promise<void>;
}

/** Runs a program until it takes connections on the port. */
export async function startProgram(name: string, args: string[], port: number): Promise<Running> {
  const child = spawn(program(name), args, { stdio: "ignore" });
  await until(() => ended(child, name) || accepts(port), { limitMs: limitOfPatienceMs, everyMs: 20 });
  return { port, signal: (signal) => void child.kill(signal), kill: () => end(child, "SIGKILL") };
}

export async function startRedis(port?: number): Promise<Running> {
  const on = port ?? (await freePort());
  return startProgram("redis-server", ["--port", String(on), "--bind", "127.0.0.1", "--save", ""], on);
}

/** Hallpass as a process of its own, with the settings that make it use a database. */
export class HallpassProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** What it says goes to the log file, when one is named. */
  static async start(env: Record<string, string>, logFile?: string): Promise<HallpassProcess> {
    const settings = { HOST: "127.0.0.1", PORT: "0", TRUST_PROXY: "127.0.0.1", LOG_LEVEL: "fatal", ...env };
    const log = logFile === undefined ? undefined : openSync(logFile, "a");
    const start = logFile === undefined ? 0 : statSync(logFile).size;
    const child = spawn(process.execPath, [cli, "serve"], {
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

  /** SIGTERM, as whoever runs it stops it; gives the exit status. */
  async stop(): Promise<number | null> {
    await end(this.child, "SIGTERM");
    return this.child.exitCode;
  }

  kill(): Promise<void> {
    return end(this.child, "SIGKILL");
  }
}

/** Runs a command of Hallpass and gives what it prints. */
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

/** Brings the database to a platform, the test's own where none is given, as an operator does it. */
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
