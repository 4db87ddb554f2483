import { type DestinationStream, type Logger, pino, stdSerializers } from "pino";
import { traceFields } from "./traces.js";

/** For commands whose standard output is their result. */
export const standardError = (): DestinationStream => pino.destination({ dest: 2, sync: true });

/**
 * Logs structured lines, to standard output by default. Never logs headers, query strings, bodies or the SQL parameters
 * of errors: any of them can contain a value.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    mixin: traceFields,
    serializers: {
      err: (error: Error) => {
        const { type, message, stack, code } = stdSerializers.err(error);
        return { type, message, stack, code };
      },
      req: (request: { method: string; url: string; ip: string }) => ({
        method: request.method,
        path: request.url.split("?", 1)[0],
        ip: request.ip,
      }),
      res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
