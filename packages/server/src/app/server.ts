import { randomUUID } from "node:crypto";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { AppContext } from "../context/app-context.js";
import { exportRoutes } from "../features/audit/export.routes.js";
import { healthRoutes } from "../features/health/health.routes.js";
import { iconRoutes } from "../features/icons/icon.routes.js";
import { type Authorize, createAuthorize } from "../features/verification/authorize.js";
import { introspectRoutes } from "../features/verification/introspect.routes.js";
import { problem, problemOf, rawProblem, sendProblem } from "../http/problem.js";
import { toRequestError } from "../http/to-request-error.js";
import { pageHeaders, webAppRoutes } from "../http/web-app.js";
import { graphqlRoutes } from "./apollo.js";

/** A logo of 512 KiB as a data URL, and room for the rest of its mutation. */
const bodyLimit = 1024 * 1024;

/** Longer than a gateway keeps an idle connection, so that it is the gateway that closes it. */
const keepAliveMs = 75_000;
/** For a whole request, its body included. */
const requestTimeoutMs = 30_000;

/** Everything over HTTP, on one port. The caller listens and closes. */
export async function createServer(app: AppContext): Promise<FastifyInstance> {
  const server = Fastify({
    serverFactory: (handler) => checksFirst(createAuthorize(app), handler),
    loggerInstance: app.logger as FastifyBaseLogger,
    bodyLimit,
    trustProxy: app.config.trustProxy.length > 0 ? app.config.trustProxy : false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 100 },
    requestIdHeader: false,
    genReqId: requestIds(),
    frameworkErrors: (error, request, reply) => void answerError(app, error, request, reply),
    clientErrorHandler: answerProtocolError,
    logController: new LogController({ disableRequestLogging: true }),
  });
  // What a person can name when they ask about a request; it stands in the log and in audit records.
  server.addHook("onRequest", async (request, reply) => void reply.header("X-Request-Id", request.id));
  server.setNotFoundHandler((_request, reply) => sendProblem(reply, problem(404, "Not found.")));
  server.setErrorHandler((error, request, reply) => answerError(app, error, request, reply));

  healthRoutes(server, app);
  introspectRoutes(server, app);
  // What browsers are answered. The checks above need neither cookies nor a page's headers, and are to be quick.
  await server.register(async (scope) => {
    await scope.register(helmet, pageHeaders(app.config));
    await scope.register(cookie);
    iconRoutes(scope, app);
    exportRoutes(scope, app);
    await graphqlRoutes(scope, app);
    await webAppRoutes(scope, app.config);
  });
  return server;
}

/** Gateways' checks are answered before Fastify sees the request; all else is Fastify's. */
function checksFirst(authorize: Authorize, handler: RequestListener): Server {
  const server = createHttpServer((request, response) => {
    // Whoever keeps the connection open while we stop is told to open another, elsewhere.
    if (!server.listening) response.setHeader("Connection", "close");
    if (!authorize(request, response)) handler(request, response);
  });
  // All are read, up to 16 KB of them: a second Authorization must not hide behind a thousand others.
  server.maxHeadersCount = 0;
  server.keepAliveTimeout = keepAliveMs;
  server.headersTimeout = keepAliveMs + 1_000;
  server.requestTimeout = requestTimeoutMs;
  return server;
}

/** Unique in the deployment, and cheap: a random start for the process, and a number. */
function requestIds(): () => string {
  const process = randomUUID();
  let count = 0;
  return () => `${process}-${(++count).toString(36)}`;
}

/** As Node does it, with a problem document. */
function answerProtocolError({ code }: Error & { code?: string }, socket: Socket): void {
  if (code === "ECONNRESET" || socket.destroyed) return;
  const status = code === "HPE_HEADER_OVERFLOW" ? 431 : code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  if (socket.writable) socket.write(rawProblem(status, "Malformed HTTP request."));
  socket.destroy();
}

async function answerError(
  app: AppContext,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  // Fastify's own: a body that is too large, no JSON, an address that cannot be decoded.
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return sendProblem(reply, problem(statusCode, message ?? ""));
  const { shown, ours } = toRequestError(error);
  if (ours) app.report(ours, request.id);
  const { status, headers, body } = problemOf(shown);
  return reply.code(status).headers(headers).send(body);
}
