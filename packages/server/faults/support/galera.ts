import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import mysql, { type RowDataPacket } from "mysql2/promise";
import { program } from "../../test/support/mariadb.js";
import { until } from "../../test/support/programs.js";

/** Required by `startGalera`. Debian: apt-get install mariadb-server, which also installs galera-4. */
export const galeraPrograms = ["mariadbd", "mariadb-install-db", "wsrep_sst_rsync", "rsync", "ss", "ps"];

const size = 3;
const library = "/usr/lib/galera/libgalera_smm.so";
/** A silent node is expelled after about a second, the suspect timeout. */
const providerOptions = [
  "evs.keepalive_period=PT0.25S",
  "evs.inactive_check_period=PT0.25S",
  "evs.join_retrans_period=PT0.3S",
  "evs.suspect_timeout=PT1S",
  "evs.inactive_timeout=PT2S",
  "evs.install_timeout=PT2S",
  "gmcast.peer_timeout=PT1S",
  "gmcast.time_wait=PT1S",
  "gcache.size=32M",
];
/** Time limits for a start and for one statement, in ms. */
const startLimitMs = 120_000;
const statementLimitMs = 2_000;
/** As root, state transfers fail, because their rsync writes as nobody. */
const user = process.getuid?.() === 0 ? "mysql" : undefined;
const asUser = user ? [`--user=${user}`] : [];
const run = promisify(execFile);
const giveToUser = async (folder: string) => user && run("chown", ["-R", user, folder]);

/** A cluster of three MariaDB nodes on loopback, with root without a password. */
export async function startGalera(): Promise<Galera> {
  const galera = new Galera(mkdtempSync(join(tmpdir(), "hallpass-galera-")));
  try {
    await galera.start();
  } catch (error) {
    await galera.remove();
    throw error;
  }
  return galera;
}

export class Galera {
  readonly nodes: GaleraNode[] = [];

  constructor(private readonly folder: string) {}

  /** For `startGalera`. */
  async start(): Promise<void> {
    const { folder, nodes } = this;
    const ports: number[] = [];
    while (ports.length < size) ports.push(await nodePort());
    const cluster = `gcomm://${ports.map((port) => `127.0.0.1:${port + 1}`).join(",")}`;
    for (const [at, port] of ports.entries()) nodes.push(new GaleraNode(join(folder, `node-${at}`), port, cluster));
    const [first] = nodes;
    if (!first) return;
    mkdirSync(first.data, { recursive: true });
    await giveToUser(folder);
    await run(program("mariadb-install-db"), [
      "--no-defaults",
      `--datadir=${first.data}`,
      `--tmpdir=${first.folder}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
      ...asUser,
    ]);
    await first.bootstrap();
    await first.stop();
    for (const node of nodes.slice(1)) cpSync(first.data, node.data, { recursive: true });
    this.pretendToResume();
    await giveToUser(folder);
    await Promise.all(nodes.map((node) => node.start()));
  }

  /** Nodes with the same data that were a component before resume it without slow state transfers. */
  private pretendToResume(): void {
    const ids = this.nodes.map(() => randomUUID()).sort();
    const view = ["#vwbeg", `view_id: 3 ${ids[0]} 1`, "bootstrap: 0", ...ids.map((id) => `member: ${id} 0`), "#vwend"];
    for (const [at, { data }] of this.nodes.entries())
      writeFileSync(join(data, "gvwstate.dat"), [`my_uuid: ${ids[at]}`, ...view, ""].join("\n"));
  }

  /** Whether every node is a synced member of the same primary component. */
  async isWhole(): Promise<boolean> {
    const { nodes } = this;
    const states = await Promise.all(nodes.map((node) => node.state()));
    return states.every(({ isSynced, size }) => isSynced && size === nodes.length);
  }

  /** Kills the processes and deletes their data. */
  async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class GaleraNode {
  readonly data: string;
  private readonly stateFile: string;
  private server: ChildProcess | undefined;

  constructor(
    /** Contains its data and error.log. */
    readonly folder: string,
    /** Where clients connect. The next three are for the group, incremental state transfers and complete ones. */
    readonly port: number,
    /** Addresses of all nodes. */
    private readonly cluster: string,
  ) {
    this.data = join(folder, "data");
    this.stateFile = join(this.data, "grastate.dat");
  }

  /** ID of the running process. */
  pid(): number {
    return this.server?.pid ?? 0;
  }

  /** Kills the process, like a power failure. */
  kill(): Promise<void> {
    return this.end("SIGKILL");
  }

  /** Stops it in an orderly way. */
  stop(): Promise<void> {
    return this.end("SIGTERM");
  }

  signal(name: "SIGSTOP" | "SIGCONT"): void {
    this.server?.kill(name);
  }

  /**
   * Restarts it and waits until it is synced with the others. Nodes that were killed together are started together, as
   * they resume their component (pc.recovery) only with the others.
   */
  async start(): Promise<void> {
    if (!this.isRunning()) this.launch(await this.recoveredPosition());
    await this.synced();
  }

  /** Forms a primary component without the others, as an operator does when the quorum is lost for good. */
  async bootstrap(): Promise<void> {
    if (this.isRunning()) await this.sql("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'");
    else {
      const position = await this.recoveredPosition();
      if (existsSync(this.stateFile)) {
        const state = readFileSync(this.stateFile, "utf8");
        writeFileSync(this.stateFile, state.replace("safe_to_bootstrap: 0", "safe_to_bootstrap: 1"));
      }
      this.launch([...position, "--wsrep-new-cluster"]);
    }
    await this.synced();
  }

  /** Makes the next start transfer all data from another node. */
  forgetState(): void {
    for (const name of ["grastate.dat", "galera.cache", "gvwstate.dat"]) rmSync(join(this.data, name), { force: true });
  }

  /** Cuts it off from the other nodes in both directions, but not from its clients. A restart also reconnects it. */
  async isolate(): Promise<void> {
    await this.sql("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'");
  }

  async reconnect(): Promise<void> {
    await this.sql("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'");
  }

  /** Keeps it from writing, and from applying what others have written. Returns what ends that. */
  async lock(): Promise<() => void> {
    const connection = await this.connect();
    await connection.query("FLUSH TABLES WITH READ LOCK");
    return () => connection.destroy();
  }

  /** Runs one statement as root over its socket. */
  async sql(statement: string, timeout = statementLimitMs): Promise<Record<string, unknown>[]> {
    const connection = await this.connect();
    try {
      const [rows] = await connection.query<RowDataPacket[]>({ sql: statement, timeout });
      return rows;
    } finally {
      connection.destroy();
    }
  }

  private async connect(): Promise<mysql.Connection> {
    const socketPath = join(this.folder, "s.sock");
    const connection = await mysql.createConnection({ socketPath, user: "root", connectTimeout: statementLimitMs });
    connection.on("error", () => {});
    return connection;
  }

  /** Whether it is an up-to-date member of a primary component, and its number of members. */
  async state(): Promise<{ isSynced: boolean; size: number }> {
    const rows = await this.sql("SHOW GLOBAL STATUS LIKE 'wsrep%'").catch(() => []);
    const status = new Map(rows.map(({ Variable_name, Value }) => [Variable_name, Value]));
    const isPrimary = status.get("wsrep_cluster_status") === "Primary" && status.get("wsrep_ready") === "ON";
    const isSynced = isPrimary && status.get("wsrep_local_state_comment") === "Synced";
    return { isSynced, size: Number(status.get("wsrep_cluster_size")) };
  }

  private async synced(): Promise<void> {
    const log = join(this.folder, "error.log");
    const holds = async () => {
      if (this.isRunning()) return (await this.state()).isSynced;
      const errors = readFileSync(log, "utf8").match(/^.*\[ERROR\].*$/gm) ?? [];
      throw new Error([`mariadbd ended; see ${log}`, ...errors.slice(-10)].join("\n"));
    };
    await until(holds, { limitMs: startLimitMs, everyMs: 50 });
  }

  private isRunning(): boolean {
    return this.server !== undefined && this.server.exitCode === null && this.server.signalCode === null;
  }

  /** In a process group of its own, so that its state transfers are killed with it. */
  private launch(options: string[]): void {
    const server = spawn(program("mariadbd"), [...this.arguments("error.log"), ...options], {
      stdio: "ignore",
      detached: true,
    });
    server.once("exit", () => killGroup(server));
    this.server = server;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { server } = this;
    if (!server || !this.isRunning()) return;
    const exit = once(server, "exit");
    server.kill(signal);
    await exit;
  }

  private arguments(log: string): string[] {
    const { port } = this;
    const addresses = [`gmcast.listen_addr=tcp://127.0.0.1:${port + 1}`, `ist.recv_addr=127.0.0.1:${port + 2}`];
    return [
      "--no-defaults",
      `--datadir=${this.data}`,
      `--tmpdir=${this.folder}`,
      `--socket=${join(this.folder, "s.sock")}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      `--log-error=${join(this.folder, log)}`,
      "--innodb-buffer-pool-size=64M",
      "--innodb-flush-log-at-trx-commit=2",
      "--innodb-autoinc-lock-mode=2",
      "--binlog-format=ROW",
      "--wsrep-on=ON",
      `--wsrep-provider=${library}`,
      `--wsrep-provider-options=${[...addresses, ...providerOptions].join(";")}`,
      `--wsrep-node-name=${basename(this.folder)}`,
      `--wsrep-node-address=127.0.0.1:${port + 1}`,
      "--wsrep-slave-threads=2",
      "--wsrep-sst-method=rsync",
      `--wsrep-sst-receive-address=127.0.0.1:${port + 3}`,
      `--wsrep-cluster-address=${this.cluster}`,
      ...asUser,
    ];
  }

  /** After a kill, only InnoDB knows the last transaction. Without it, all data would be transferred. */
  private async recoveredPosition(): Promise<string[]> {
    const { stateFile } = this;
    if (!existsSync(stateFile) || !/^seqno: +-1$/m.test(readFileSync(stateFile, "utf8"))) return [];
    const log = join(this.folder, "recovery.log");
    rmSync(log, { force: true });
    await run(program("mariadbd"), [...this.arguments("recovery.log"), "--wsrep-recover"]);
    const position = /Recovered position: (\S+)/.exec(readFileSync(log, "utf8"))?.[1];
    return position ? [`--wsrep-start-position=${position}`] : [];
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (!pid) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}

let nextPort = 20_000 + (process.pid % 1_000) * 10;

/** The first of four free ports, below those of outgoing connections, which could take them while the node is down. */
async function nodePort(): Promise<number> {
  for (;;) {
    const port = nextPort;
    nextPort += 4;
    const areFree = await Promise.all([0, 1, 2, 3].map((offset) => isFree(port + offset)));
    if (areFree.every(Boolean)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
