import { createAppContext } from "../app/create-app-context.js";
import type { AppContext } from "../context/app-context.js";
import type { CallContext } from "../context/request-context.js";
import { type SystemCaller, systemCaller } from "../core/caller-types.js";
import { UserInputError } from "../core/errors.js";
import { hasSqliteFile } from "../db/data-source.js";
import { AccountEntity } from "../features/accounts/account.entity.js";
import { ConfigError, readConfig } from "../infra/config.js";
import { createLogger, standardError } from "../infra/logger.js";

export interface WithAppOptions {
  /** Whether to create the embedded database if there is none. */
  mayCreate?: boolean;
}

/** Runs a command's work on the configured database, then closes it. Logs to standard error. */
export async function withApp<T>(
  work: (app: AppContext) => Promise<T>,
  { mayCreate = false }: WithAppOptions = {},
): Promise<T> {
  const config = readConfig(process.env);
  if (!config.database && !mayCreate && !hasSqliteFile(config))
    throw new ConfigError([
      `HALLPASS_DATA_DIR '${config.dataDir}' contains no database. Set it to Hallpass's data folder, or set DATABASE_URL`,
    ]);
  const logger = createLogger(process.env.LOG_LEVEL ? config.logLevel : "warn", standardError());
  const app = await createAppContext(config, logger);
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** The context of the command line in an account. Throws NOT_FOUND if the account does not exist. */
export async function systemContext(app: AppContext, accountId: string): Promise<CallContext<SystemCaller>> {
  const account = await app.dataSource.manager.findOneBy(AccountEntity, { id: accountId });
  if (!account)
    throw new UserInputError([{ code: "NOT_FOUND", field: ["account"], message: `Account ${accountId} not found.` }]);
  return {
    app,
    caller: systemCaller(account),
    origin: { ip: null, userAgent: "hallpass command line", requestId: null },
  };
}
