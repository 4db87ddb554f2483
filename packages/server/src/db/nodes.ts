import { connect, type Socket } from "node:net";
import { type ConnectionOptions, createConnection } from "mysql2/promise";
import type { Logger } from "pino";
import type { ServerDatabase } from "../infra/config.js";

/** How long a node may take to accept a connection if there are others, in ms. */
const connectLimitMs = 1_000;
/** The same if there are none. */
const onlyConnectLimitMs = 5_000;
/** Pause before a node that was left is tried again, in ms. It doubles while the node keeps failing. */
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

/** The servers of DATABASE_URL. The process uses the first in the list that works. */
export interface Nodes {
  readonly database: ServerDatabase;
  readonly connectLimitMs: number;
  /** Opens a socket to the node in use, and notes the node in the connection's settings. */
  connect(settings: Address): Socket;
  isInUse(settings: Address): boolean;
  /**
   * Ends all connections to this node, by default the one in use, and avoids it until it works again. Stays if all others
   * are being avoided, too: a move would gain nothing, and leave connections behind. Returns whether another is in use.
   */
  leave(reason: string, settings?: Address): boolean;
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
  let lastUsed = first;
  let hasWarned = false;

  const nodeInUse = () => {
    lastUsed = nodes.find(({ isAvoided }) => !isAvoided) ?? lastUsed;
    return lastUsed;
  };
  const nodeAt = ({ host, port }: Address) => nodes.find((node) => node.host === host && node.port === port);

  function leave(node: Node, reason: string): void {
    const hasAnother = nodes.some((each) => each !== node && !each.isAvoided);
    if (node.isAvoided || !hasAnother) return;
    node.isAvoided = true;
    node.left++;
    // A node that fails again soon after its return is tried less and less often.
    const isRelapse = performance.now() - node.returnedAt < longestPauseMs;
    node.pauseMs = isRelapse ? Math.min(node.pauseMs * 2, longestPauseMs) : firstPauseMs;
    logger?.warn({ node: nameOf(node), reason, now: nameOf(nodeInUse()) }, "database node left");
    for (const socket of node.sockets) socket.destroy();
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

  function leaveAt(reason: string, settings?: Address): boolean {
    const node = settings ? nodeAt(settings) : nodeInUse();
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
      let hasAnswered = false;
      node.sockets.add(socket);
      socket.once("data", () => {
        hasAnswered = true;
      });
      // mysql2 ends a socket whose server did not greet it in time.
      socket.once("close", () => {
        node.sockets.delete(socket);
        if (!hasAnswered) leave(node, "no connection");
      });
      return socket;
    },
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
 * that, a Galera node that lags answers with old rows. Returns whether the node accepts no writes, as replicas do.
 */
export async function prepareConnection(query: (sql: string) => Promise<unknown>): Promise<{ isReadOnly: boolean }> {
  const sql = "SHOW SESSION VARIABLES WHERE Variable_name IN ('read_only', 'wsrep_sync_wait')";
  const rows = (await query(sql)) as { Variable_name: string; Value: string }[];
  const variables = new Map(rows.map(({ Variable_name, Value }) => [Variable_name, Value]));
  // Known to MariaDB built with Galera. Without a cluster, it does nothing.
  if (variables.has("wsrep_sync_wait")) await query("SET SESSION wsrep_sync_wait = 1");
  return { isReadOnly: variables.get("read_only") === "ON" };
}

/** What mysql2 needs to sign in. With TLS, the server's name and certificate must be valid. */
export function credentials({ user, password, name, tls }: ServerDatabase) {
  return {
    user,
    password,
    database: name,
    ...(tls && { ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(tls.ca && { ca: tls.ca }) } }),
  };
}
