import { createAppContext } from "../app/create-app-context.js";
import type { AppContext } from "../context/app-context.js";
import type { CallContext } from "../context/request-context.js";
import { type SystemCaller, systemCaller } from "../core/caller-types.js";
import { UserInputError } from "../core/errors.js";
import { AccountEntity } from "../features/accounts/account.entity.js";
import { readConfig } from "../infra/config.js";
import { createLogger, standardError } from "../infra/logger.js";

/** Runs a command's work on the configured database, then closes it. Logs to standard error. */
export async function withApp<T>(work: (app: AppContext) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
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
