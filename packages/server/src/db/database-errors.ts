import { QueryFailedError } from "typeorm";
import { LongReadError } from "./long-reads.js";
import { DatabaseBusyError } from "./sqlite-query-runner.js";

const conflictCodes = new Set(["ER_LOCK_DEADLOCK", "ER_CHECKREAD", "ER_LOCK_WAIT_TIMEOUT"]);
const duplicateCodes = new Set(["ER_DUP_ENTRY", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"]);

/** The database server is away or hangs, accepts no writes, or has left its cluster. Another node may work. */
const nodeFailureCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ERR_STREAM_DESTROYED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_SEQUENCE_TIMEOUT",
  "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
  "HANDSHAKE_SSL_ERROR", // for example, an expired certificate
  "HANDSHAKE_NO_SSL_SUPPORT",
  "ER_CON_COUNT_ERROR",
  "ER_SERVER_SHUTDOWN",
  "ER_UNKNOWN_COM_ERROR", // 1047: Galera without a quorum
  "ER_ERROR_DURING_COMMIT", // of a node that has just left its cluster
  "ER_OPTION_PREVENTS_STATEMENT", // read-only
  "ER_READ_ONLY_MODE",
  "NODE_READ_ONLY",
]);

/** The database is unreachable or cannot answer now. The same request may succeed later. */
const unavailableCodes = new Set([
  ...nodeFailureCodes,
  ...conflictCodes,
  "PROTOCOL_ENQUEUE_AFTER_QUIT",
  "POOL_CLOSED",
  "ER_ACCESS_DENIED_ERROR", // of a new connection
  "ER_BAD_DB_ERROR",
  "ER_QUERY_INTERRUPTED",
  "ER_CONNECTION_KILLED",
  "ER_DISK_FULL",
  "ER_RECORD_FILE_FULL",
  "SQLITE_BUSY",
  "SQLITE_FULL",
  "SQLITE_IOERR",
  "SQLITE_CANTOPEN",
  "SQLITE_READONLY",
]);

/** The database is reachable, but the settings are wrong for it: the user, or the database to use. */
const refusedCodes = new Set([
  "ER_ACCESS_DENIED_ERROR",
  "ER_DBACCESS_DENIED_ERROR",
  "ER_TABLEACCESS_DENIED_ERROR",
  "ER_HOST_NOT_PRIVILEGED",
  "ER_HOST_IS_BLOCKED",
  "ER_BAD_DB_ERROR",
  "ER_SECURE_TRANSPORT_REQUIRED",
  "HANDSHAKE_SSL_ERROR",
  "HANDSHAKE_NO_SSL_SUPPORT",
  "SQLITE_NOTADB",
  "SQLITE_CORRUPT",
]);

/** mysql2 has no code for these. */
const unavailableMessages =
  /connection is in closed state|Pool is closed|Queue limit reached|Connection lost|database connection is not open/i;

const closedConnection = /connection is in closed state|Connection lost/i;

/** MariaDB's ER_STATEMENT_TIMEOUT, for which mysql2 has no code, and MySQL's ER_QUERY_TIMEOUT. */
const timeoutNumbers = new Set([1969, 3024]);

/** A connection leads to a node that accepts no writes, while others may. */
export class NodeReadOnlyError extends Error {
  override name = "NodeReadOnlyError";
  readonly code = "NODE_READ_ONLY";
}

/** The driver's code of an error. Empty if it has none. */
export function codeOf(error: unknown): string {
  const cause = error instanceof QueryFailedError ? error.driverError : error;
  return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
}

/** Two transactions conflicted. Rerunning this one may succeed. */
export function isConflict(error: unknown): boolean {
  return conflictCodes.has(codeOf(error));
}

/** `isWaiting`: the statement waits for no lock, only for its node to be current. */
export function isNodeFailure(error: unknown, isWaiting = false): boolean {
  if (isWaiting && codeOf(error) === "ER_LOCK_WAIT_TIMEOUT") return true;
  return nodeFailureCodes.has(codeOf(error)) || (error instanceof Error && closedConnection.test(error.message));
}

export function isDuplicate(error: unknown): boolean {
  return duplicateCodes.has(codeOf(error));
}

export function isRefused(error: unknown): boolean {
  return refusedCodes.has(codeOf(error));
}

/** A statement was ended at its time limit. */
export function isTimedOut(error: unknown): boolean {
  const cause = error instanceof QueryFailedError ? error.driverError : error;
  return cause instanceof LongReadError || timeoutNumbers.has((cause as { errno?: number } | null)?.errno ?? 0);
}

export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseBusyError) return true;
  if (unavailableCodes.has(codeOf(error))) return true;
  if (codeOf(error).startsWith("SQLITE_IOERR")) return true;
  return error instanceof Error && unavailableMessages.test(error.message);
}
