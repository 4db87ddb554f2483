import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { graphqlRoutes } from "./apollo.js";
import type { AppContext } from "./app-context.js";
import { toRequestError } from "./errors.js";
import { iconRoutes } from "./features/api-tokens/icon.routes.js";
import { healthRoutes } from "./features/health/health.routes.js";
import { authorizeRoutes } from "./features/verification/authorize.routes.js";
import { introspectRoutes } from "./features/verification/introspect.routes.js";
import { problem, sendProblem } from "./problem.js";
import { pageHeaders, webAppRoutes } from "./web-app.js";

/** A logo of 512 KiB as a data URL, and room for the rest of its mutation. */
const bodyLimit = 1024 * 1024;

/** Everything over HTTP, on one port. The caller listens and closes. */
export async function createServer(app: AppContext): Promise<FastifyInstance> {
  const server = Fastify({
    loggerInstance: app.logger as FastifyBaseLogger,
    bodyLimit,
    trustProxy: app.config.trustProxy.length > 0 ? app.config.trustProxy : false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 100 },
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    logController: new LogController({ disableRequestLogging: true }),
  });
  server.setNotFoundHandler((_request, reply) => sendProblem(reply, problem(404, "There is nothing at this address.")));
  server.setErrorHandler((error, request, reply) => answerError(error, request, reply));

  healthRoutes(server, app);
  authorizeRoutes(server, app);
  introspectRoutes(server, app);
  // What browsers are answered. The checks above need neither cookies nor a page's headers, and are to be quick.
  await server.register(async (scope) => {
    await scope.register(helmet, pageHeaders(app));
    await scope.register(cookie);
    iconRoutes(scope, app);
    await graphqlRoutes(scope, app);
    await webAppRoutes(scope);
  });
  return server;
}

async function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  // Fastify's own: a body that is too large, no JSON, an address that cannot be decoded.
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return sendProblem(reply, problem(statusCode, message ?? ""));
  const { shown, ours } = toRequestError(error);
  if (ours) request.log.error({ err: ours }, "request failed");
  reply.headers(shown.headers);
  return sendProblem(reply, { ...problem(shown.status, shown.message), code: shown.code });
}
