import { type Change, type TokenBuckets, type TokenCache } from "@hallpass/shared/check";
import type { Logger } from "pino";
import type { DataSource } from "typeorm";
import type { WorkQueue } from "../core/work-queue.js";
import type { ClientAddresses } from "../http/client-address.js";
import type { ChangeBus } from "../infra/change-bus.js";
import type { Config } from "../infra/config.js";
import type { Keyring } from "../infra/keyring.js";
import type { Metrics } from "../infra/metrics.js";
import type { RateLimit } from "../infra/rate-limit.js";
import type { Traces } from "../infra/traces.js";
import type { HeadsFile, UsageRecorder } from "./services.js";

/**
 * Everything the process owns. All functions below get it as their first argument, alone or within a request's context.
 */
export interface AppContext {
  config: Config;
  logger: Logger;
  dataSource: DataSource;
  /** Connections for checks only, so that no flood of requests can take them. */
  checks: DataSource;
  keyring: Keyring;
  tokens: TokenCache;
  usage: UsageRecorder;
  bus: ChangeBus;
  headsFile: HeadsFile;
  metrics: Metrics;
  /** Null if no collector is configured. */
  traces: Traces | null;
  addresses: ClientAddresses;
  /** The current time for everything that is stored or decided. */
  now(): Date;
  /** Logs and counts a failure or a bug of ours. The response never shows it. */
  report(error: unknown, requestId: string | null): void;
  /** Call it after a change is committed. Evicts what the change makes stale and notifies the other processes. */
  announce(change: Change): Promise<void>;
  /**
   * Limits on sign-in attempts: by user and IP address, and by IP address alone. If many people share the IP address:
   * by user alone.
   */
  signInLimits: { perPerson: RateLimit; perAddress: RateLimit };
  /** Sign-ins whose password is being hashed or is queued for it, by IP address. */
  signInQueue: WorkQueue;
  /** Logos being decoded or queued for it, by account. */
  logoQueue: WorkQueue;
  /** Session lookups, by IP address. */
  sessionQueue: WorkQueue;
  /** Limits on reveals: by user and, unless it is shared, by IP address. */
  revealLimits: { perPerson: RateLimit; perAddress: RateLimit };
  /** Rate limits of tokens, by token. */
  buckets: TokenBuckets;
  /** Limit on requests to revoke values, by IP address. */
  revokeLimit: RateLimit;
  /** Limit on exports and verifications of the audit trail, by caller. Each reads the whole trail. */
  wholeTrailLimit: RateLimit;
  /** Limit on tests of webhooks, by account. */
  webhookTestLimit: RateLimit;
  /** Writes what is still in memory, then closes the connections. */
  close(): Promise<void>;
}
