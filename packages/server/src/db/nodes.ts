import { connect, type Socket } from "node:net";
import { type ConnectionOptions, createConnection } from "mysql2/promise";
import type { Logger } from "pino";
import type { ServerDatabase } from "../infra/config.js";

/** How long a node may take to accept a connection if there are others, in ms. */
const connectLimitMs = 1_000;
/** The same if there are none. */
const onlyConnectLimitMs = 5_000;
/** Pause between attempts to use a node that was left, in ms. It doubles each time a node fails soon after its return. */
const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

/** The part of mysql2's settings of a connection that says where it leads. */
type Address = Pick<ConnectionOptions, "host" | "port">;

interface Node {
  host: string;
  port: number;
  sockets: Set<Socket>;
  isAvoided: boolean;
  pauseMs: number;
  left: number;
  /** When it was last taken back into use, in ms since the process started. */
  returnedAt: number;
}

/** The database nodes in DATABASE_URL. The process uses the first in the list that works. */
export interface Nodes {
  readonly database: ServerDatabase;
  readonly connectLimitMs: number;
  /** Opens a socket to the node in use, and notes the node in the connection's settings. */
  connect(settings: Address): Socket;
  /** The node in use. */
  current(): Address;
  isInUse(settings: Address): boolean;
  /**
   * Ends all connections to this node, and avoids it until it works again. Stays if all others are being avoided, too: a
   * move would gain nothing, and leave connections behind. Returns whether another is in use.
   */
  leave(reason: string, settings: Address): boolean;
  /** The same for a node that accepts no writes. If it is the only one, it is used, and the log has a warning. */
  leaveReadOnly(settings: Address): boolean;
  /** Each node, `host:port`, whether it is in use, and how often it was left since the start. */
  states(): { node: string; isInUse: boolean; left: number }[];
  close(): void;
}

const nameOf = ({ host, port }: Address) => `${host}:${port}`;

const readOnlyWarning =
  "the database accepts no writes. If it is a replica, set DATABASE_URL to its primary: a replica learns of revocations late";

export function createNodes(database: ServerDatabase, logger?: Logger): Nodes {
  const nodes: Node[] = database.hosts.map((address) => ({
    ...address,
    sockets: new Set(),
    isAvoided: false,
    pauseMs: firstPauseMs,
    left: 0,
    returnedAt: Number.NEGATIVE_INFINITY,
  }));
  const [first] = nodes;
  if (!first) throw new Error("A database has at least one host.");
  const limitMs = nodes.length > 1 ? connectLimitMs : onlyConnectLimitMs;
  const timers = new Set<NodeJS.Timeout>();
  let hasWarned = false;

  const nodeInUse = () => nodes.find(({ isAvoided }) => !isAvoided) ?? first;
  const nodeAt = ({ host, port }: Address) => nodes.find((node) => node.host === host && node.port === port);

  function leave(node: Node, reason: string): void {
    const hasAnother = nodes.some((each) => each !== node && !each.isAvoided);
    if (node.isAvoided || !hasAnother) return;
    node.isAvoided = true;
    node.left++;
    const isRelapse = performance.now() - node.returnedAt < longestPauseMs;
    node.pauseMs = isRelapse ? Math.min(node.pauseMs * 2, longestPauseMs) : firstPauseMs;
    logger?.warn({ node: nameOf(node), reason, now: nameOf(nodeInUse()) }, "database node left");
    // Without an error, mysql2 would report the end of a TLS connection twice, and nothing handles the second report.
    for (const socket of node.sockets) socket.destroy(Object.assign(new Error("node left"), { code: "ECONNRESET" }));
    tryAgainLater(node);
  }

  function tryAgainLater(node: Node): void {
    const timer = setTimeout(async () => {
      timers.delete(timer);
      if (await works(database, node)) {
        node.isAvoided = false;
        node.returnedAt = performance.now();
        logger?.info({ node: nameOf(node) }, "database node works again");
      } else tryAgainLater(node);
    }, node.pauseMs);
    timer.unref();
    timers.add(timer);
  }

  function leaveAt(reason: string, settings: Address): boolean {
    const node = nodeAt(settings);
    if (node) leave(node, reason);
    return node !== nodeInUse();
  }

  return {
    database,
    connectLimitMs: limitMs,
    connect(settings) {
      const node = nodeInUse();
      settings.host = node.host;
      settings.port = node.port;
      const socket = connect({ host: node.host, port: node.port, noDelay: true, keepAlive: true });
      node.sockets.add(socket);
      socket.once("close", () => node.sockets.delete(socket));
      return socket;
    },
    current: nodeInUse,
    isInUse: (settings) => nodeAt(settings) === nodeInUse(),
    leave: leaveAt,
    leaveReadOnly(settings) {
      if (leaveAt("read-only", settings)) return true;
      if (!hasWarned) logger?.warn({ node: nameOf(settings) }, readOnlyWarning);
      hasWarned = true;
      return false;
    },
    states: () => nodes.map((node) => ({ node: nameOf(node), isInUse: node === nodeInUse(), left: node.left })),
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** Whether the node is current with its cluster, and accepts writes. */
async function works(database: ServerDatabase, { host, port }: Node): Promise<boolean> {
  const settings = { ...credentials(database), host, port, connectTimeout: connectLimitMs };
  const connection = await createConnection(settings).catch(() => null);
  if (!connection) return false;
  const query = async (sql: string) => (await connection.query({ sql, timeout: connectLimitMs }))[0];
  try {
    const { isReadOnly } = await prepareConnection(query);
    await query("SELECT COUNT(*) FROM migration");
    return !isReadOnly;
  } catch {
    return false;
  } finally {
    connection.destroy();
  }
}

/**
 * Makes reads of a new connection wait until its node has applied what the cluster had committed when they began. Without
 * that, a Galera node that lags answers with old rows. With `limitMs`, the server itself ends statements that take
 * longer. Returns whether the node accepts no writes, as replicas do.
 */
export async function prepareConnection(
  query: (sql: string) => Promise<unknown>,
  limitMs?: number,
): Promise<{ isReadOnly: boolean }> {
  const names = ["read_only", "wsrep_sync_wait", "max_statement_time", "max_execution_time"];
  const sql = `SHOW SESSION VARIABLES WHERE Variable_name IN (${names.map((name) => `'${name}'`).join(", ")})`;
  const rows = (await query(sql)) as { Variable_name: string; Value: string }[];
  const variables = new Map(rows.map(({ Variable_name, Value }) => [Variable_name, Value]));
  // Known to MariaDB built with Galera. Without a cluster, it does nothing.
  if (variables.has("wsrep_sync_wait")) await query("SET SESSION wsrep_sync_wait = 1");
  // Otherwise, statements abandoned by their client would keep their threads in the server, and those would accumulate.
  if (limitMs !== undefined && variables.has("max_statement_time"))
    await query(`SET SESSION max_statement_time = ${limitMs / 1_000}`);
  if (limitMs !== undefined && variables.has("max_execution_time"))
    await query(`SET SESSION max_execution_time = ${limitMs}`);
  return { isReadOnly: variables.get("read_only") === "ON" };
}

/** What mysql2 needs to sign in. With TLS, the server's name and certificate must be valid. */
export function credentials({ user, password, name, tls }: ServerDatabase) {
  return {
    user,
    password,
    database: name,
    ...(tls && { ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(tls.ca !== null && { ca: tls.ca }) } }),
  };
}
