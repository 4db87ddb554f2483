import type { Logger } from "pino";
import type { DataSource } from "typeorm";
import type { Config } from "./config.js";
import { openDataSource, runMigrations } from "./db/data-source.js";
import { createLastAccessRecorder, type LastAccessRecorder } from "./features/verification/last-access.js";
import { type Keyring, openKeyring } from "./keyring.js";
import { createRateLimit, type RateLimit } from "./rate-limit.js";

/** What the process owns. Everything below gets it as its first argument, alone or inside a request's context. */
export interface AppContext {
  config: Config;
  logger: Logger;
  dataSource: DataSource;
  keyring: Keyring;
  lastAccess: LastAccessRecorder;
  /** What time it is for everything that is stored or decided. */
  now(): Date;
  /** Tries to sign in, by person and address and by address alone. */
  signInLimits: { perPerson: RateLimit; perAddress: RateLimit };
  /** Writes what is still in memory, then closes the connections. */
  close(): Promise<void>;
}

const quarterHour = 15 * 60;

export async function createAppContext(config: Config, logger: Logger): Promise<AppContext> {
  const keyring = openKeyring(config);
  const dataSource = await openDataSource(config);
  await runMigrations(dataSource, logger);
  const lastAccess = createLastAccessRecorder(dataSource, logger);
  return {
    config,
    logger,
    dataSource,
    keyring,
    lastAccess,
    now: () => new Date(),
    signInLimits: {
      perPerson: createRateLimit({ tries: 5, seconds: quarterHour }),
      perAddress: createRateLimit({ tries: 50, seconds: quarterHour }),
    },
    async close() {
      await lastAccess.close();
      await dataSource.destroy();
    },
  };
}
