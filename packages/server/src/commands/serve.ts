import type { DestinationStream } from "pino";
import { createAppContext } from "../app/create-app-context.js";
import { createServer, type ServedPart } from "../app/server.js";
import type { AppContext } from "../context/app-context.js";
import { startEmails } from "../features/emails/send-emails.js";
import { hasAllKeys } from "../features/encryption-keys/needed-keys.js";
import { startNotices } from "../features/notices/notices.js";
import { startDeliveries } from "../features/webhooks/delivery-worker.js";
import { drain } from "../http/drain.js";
import { ConfigError, readConfig, urlHost } from "../infra/config.js";
import { keepMemoryOutOfCoreFiles } from "../infra/core-files.js";
import { createLogger } from "../infra/logger.js";
import { addProcessFigures } from "../infra/metrics.js";

export interface Running {
  app: AppContext;
  /** The URL it listens on. Differs from the setting if that was port 0. */
  url: string;
  close(): Promise<void>;
}

interface ServeOptions {
  /** Everything if left out. */
  only?: ServedPart | undefined;
  /** Where the log goes. Standard output if left out. */
  destination?: DestinationStream;
}

/** Maximum duration of a stop, in ms. */
const stopLimitMs = 10_000;

/**
 * Serves until SIGTERM or SIGINT, then lets requests finish and writes what is still in memory.
 */
export async function serve(env: NodeJS.ProcessEnv, { only, destination }: ServeOptions = {}): Promise<Running> {
  const config = readConfig(env);
  if (only && !config.database)
    throw new ConfigError(["DATABASE_URL is not set. --only requires a shared database server"]);
  const logger = createLogger(config.logLevel, destination);
  keepMemoryOutOfCoreFiles(logger);
  const app = await createAppContext(config, logger);
  addProcessFigures(app.metrics);
  if (!(await hasAllKeys(app))) logger.warn("encryption keys are missing; some values cannot be revealed");
  const server = await createServer(app, only);
  const background = only === "checks" ? [] : [startDeliveries(app), startNotices(app), startEmails(app)];
  const close = async () => {
    await server.close();
    await Promise.all(background.map((each) => each?.close()));
    await app.close();
  };
  try {
    await server.listen({ host: config.host, port: config.port });
  } catch (error) {
    await close();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new ConfigError([`PORT ${config.port} is already in use. Choose another`]);
    throw new ConfigError([`HOST and PORT: cannot listen: ${message}`]);
  }
  // Includes heads that changed while no process was running to save them.
  app.headsFile.appendAll();
  const { port } = server.server.address() as { port: number };
  const stop = (signal: string) => {
    logger.info({ signal }, "stopping");
    setTimeout(() => process.exit(1), stopLimitMs).unref();
    drain(server.server)
      .then(close)
      .then(
        () => process.exit(0),
        (error) => {
          logger.error({ err: error }, "stopped with an error");
          process.exit(1);
        },
      );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  return { app, url: `http://${urlHost(config.host)}:${port}`, close };
}
