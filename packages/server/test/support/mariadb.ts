import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

export interface Mariadb {
  port: number;
  /** Contains its data and log. */
  folder: string;
  /** ID of the running process. */
  pid(): number;
  /** Kills the process, like a power failure. */
  kill(): Promise<void>;
  /** Suspends or resumes the process. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** Restarts it on the same port with the same data. */
  start(): Promise<void>;
  /** Kills the process and deletes its data. */
  remove(): Promise<void>;
}

/** Lists what was skipped and why, for `scripts/test.mjs`. */
export const skipsFile = join(__dirname, "../../node_modules/.test-skips.json");
const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/bin", "/usr/local/sbin"];
/** Time limit for a start, in ms. */
const startLimitMs = 120_000;

/** Jest's global setup of the MariaDB suites: one server per run, one database per test file. */
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
 * A temporary MariaDB on a free port, with its data in a new folder and root without a password. If not durable, it is
 * faster but loses its last second when killed.
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
    `--tmpdir=${folder}`,
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
        // At its start, a server deletes the temporary tables in this folder, whosever they are.
        `--tmpdir=${folder}`,
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

/** mariadbd runs as root only with this option. */
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

/** Whether the server sends its greeting. It accepts connections before it can answer them. */
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
