import type { Logger } from "pino";
import type { DataSource } from "typeorm";
import type { WorkQueue } from "../core/work-queue.js";
import type { ClientAddresses } from "../http/client-address.js";
import type { Change, ChangeBus } from "../infra/change-bus.js";
import type { Config } from "../infra/config.js";
import type { Keyring } from "../infra/keyring.js";
import type { Metrics } from "../infra/metrics.js";
import type { RateLimit } from "../infra/rate-limit.js";
import type { HeadsFile, TokenCache, UsageRecorder } from "./services.js";

/** What the process owns. Everything below gets it as its first argument, alone or inside a request's context. */
export interface AppContext {
  config: Config;
  logger: Logger;
  dataSource: DataSource;
  /** The connections that only checks use: no flood of requests can take them. */
  checks: DataSource;
  keyring: Keyring;
  tokens: TokenCache;
  usage: UsageRecorder;
  bus: ChangeBus;
  headsFile: HeadsFile;
  metrics: Metrics;
  addresses: ClientAddresses;
  /** What time it is for everything that is stored or decided. */
  now(): Date;
  /** Logs and counts a failure that isn't the caller's. The response never shows it. */
  report(error: unknown, requestId: string | null): void;
  /** A change is stored: this process believes nothing from before it, and the others are told. */
  announce(change: Change): Promise<void>;
  /**
   * Attempts to sign in, by person and address, and by address alone. Where many people share the address: by person
   * alone.
   */
  signInLimits: { perPerson: RateLimit; perAddress: RateLimit };
  /** Sign-ins whose password is hashed or waits for it, by address. */
  signInQueue: WorkQueue;
  /** Logos that are decoded or wait for it, by account. */
  logoQueue: WorkQueue;
  /** Look-ups of sessions, by address. */
  sessionQueue: WorkQueue;
  /** Reveals, by person and, where it is the person's own, by address. */
  revealLimits: { perPerson: RateLimit; perAddress: RateLimit };
  /** Exports and verifications of the audit trail, by caller: each reads all of it. */
  wholeTrailLimit: RateLimit;
  /** Writes what is still in memory, then closes the connections. */
  close(): Promise<void>;
}
