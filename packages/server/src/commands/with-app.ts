import { type AppContext, createAppContext } from "../app-context.js";
import { readConfig } from "../config.js";
import { UserFault } from "../errors.js";
import { AccountEntity } from "../features/accounts/account.entity.js";
import { createLogger, standardError } from "../logger.js";
import { type CallContext, type SystemCaller, systemCaller } from "../request-context.js";

/** Runs a command's work on the configured database and closes it again. The log goes to standard error. */
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

/** The command line acting in an account. */
export async function systemContext(app: AppContext, accountId: string): Promise<CallContext<SystemCaller>> {
  const account = await app.dataSource.manager.findOneBy(AccountEntity, { id: accountId });
  if (!account)
    throw new UserFault([{ code: "NOT_FOUND", field: ["account"], message: `Account ${accountId} not found.` }]);
  return {
    app,
    caller: systemCaller(account),
    origin: { ip: null, userAgent: "hallpass command line", requestId: null },
  };
}
