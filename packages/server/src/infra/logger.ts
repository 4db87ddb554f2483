import { type DestinationStream, type Logger, pino, stdSerializers } from "pino";

/** For commands whose standard output is their result. */
export const standardError = (): DestinationStream => pino.destination({ dest: 2, sync: true });

/**
 * Structured lines, on standard output unless another destination is named. No header, no query string and no body is ever logged, and no error's
 * SQL parameters: any of them can hold a value.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
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
