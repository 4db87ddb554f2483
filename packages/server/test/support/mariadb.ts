import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

export interface Mariadb {
  port: number;
  /** Where its data and its log are. */
  folder: string;
  /** Of the process that runs now. */
  pid(): number;
  /** Ends the process at once, as a power failure would. */
  kill(): Promise<void>;
  /** Makes it hang, and go on. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** Starts it again, on the same port, with the same data. */
  start(): Promise<void>;
  /** Ends the process and removes its data. */
  remove(): Promise<void>;
}

/** Where `scripts/test.mjs` reads what was left out and why. */
export const skipsFile = join(__dirname, "../../node_modules/.test-skips.json");
const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/bin", "/usr/local/sbin"];
/** For one that never starts, in ms. */
const startLimitMs = 120_000;

/** jest's global set-up of the MariaDB suites: one server for the run, one database for each test file. */
export default async function startForTheRun(): Promise<void> {
  rmSync(skipsFile, { force: true });
  const missing = ["mariadbd", "mariadb-install-db"].filter((program) => !programPath(program));
  if (missing.length > 0) {
    const why = `${missing.join(" and ")} not installed (Debian: apt-get install mariadb-server)`;
    if (process.env.CI) throw new Error(`The MariaDB suites cannot run: ${why}.`);
    writeFileSync(skipsFile, JSON.stringify([{ what: "The server's suites on MariaDB", why }]));
    return;
  }
  const mariadb = await startMariadb({ durable: false });
  process.env.HALLPASS_TEST_MARIADB_PORT = String(mariadb.port);
  Object.assign(globalThis, { hallpassTestMariadb: mariadb });
}

/**
 * A throwaway MariaDB on a free port, with its data in a new folder within the one that is given, and root without a password. One that is not
 * durable is quicker, and forgets its last second when it is killed.
 */
export async function startMariadb({
  durable = true,
  within = tmpdir(),
  options = [],
}: {
  durable?: boolean;
  within?: string | undefined;
  options?: string[];
} = {}): Promise<Mariadb> {
  const folder = mkdtempSync(join(within, "hallpass-mariadb-"));
  const data = join(folder, "data");
  await promisify(execFile)(program("mariadb-install-db"), [
    "--no-defaults",
    `--datadir=${data}`,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
    ...asUser(),
  ]);
  const port = await freePort();
  let server: ReturnType<typeof spawn> | undefined;

  const isRunning = () => server !== undefined && server.exitCode === null && server.signalCode === null;

  const start = async () => {
    if (isRunning()) return;
    const started = spawn(
      program("mariadbd"),
      [
        "--no-defaults",
        `--datadir=${data}`,
        `--socket=${join(folder, "s.sock")}`,
        `--port=${port}`,
        "--bind-address=127.0.0.1",
        `--innodb-flush-log-at-trx-commit=${durable ? 1 : 0}`,
        "--innodb-buffer-pool-size=64M",
        `--log-error=${join(folder, "error.log")}`,
        ...options,
        ...asUser(),
      ],
      { stdio: "ignore" },
    );
    server = started;
    const limit = Date.now() + startLimitMs;
    while (!(await accepts(port))) {
      if (started.exitCode !== null || Date.now() > limit)
        throw new Error(`mariadbd did not start; see ${folder}/error.log`);
      await sleep(50);
    }
  };
  const kill = async () => {
    const running = server;
    if (!running || !isRunning()) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGKILL");
    await ended;
  };
  await start();
  return {
    port,
    folder,
    pid: () => server?.pid ?? 0,
    start,
    kill,
    signal: (name) => void server?.kill(name),
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** mariadbd refuses to run as root unless it is told to. */
const asUser = () => (process.getuid?.() === 0 ? ["--user=root"] : []);

export function programPath(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

export function program(name: string): string {
  const path = programPath(name);
  if (!path) throw new Error(`${name} is not installed.`);
  return path;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Whether the server greets: it takes connections before it can answer them. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", () => done(true));
    socket.once("error", () => done(false));
    socket.setTimeout(1_000, () => done(false));
  });
}
