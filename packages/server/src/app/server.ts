import { randomUUID } from "node:crypto";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawRequestDefaultExpression,
} from "fastify";
import type { AppContext } from "../context/app-context.js";
import { logoRoutes } from "../features/api-tokens/logo.routes.js";
import { revokeRoutes } from "../features/api-tokens/revoke.routes.js";
import { exportRoutes } from "../features/audit-trail/export.routes.js";
import { type Authorize, createAuthorize } from "../features/checks/authorize.routes.js";
import { introspectRoutes } from "../features/checks/introspect.routes.js";
import { oauthMetadataRoutes } from "../features/checks/oauth-metadata.routes.js";
import { verifierRoutes } from "../features/checks/verifier.routes.js";
import { healthRoutes } from "../features/health/health.routes.js";
import { singleSignOnRoutes } from "../features/single-sign-on/single-sign-on.routes.js";
import { problem, problemOf, rawProblem, sendProblem } from "../http/problem.js";
import { toRequestError } from "../http/to-request-error.js";
import { pageHeaders, webAppRoutes } from "../http/web-app.js";
import type { Endpoint } from "../infra/latencies.js";
import type { RequestTrace, Traces } from "../infra/traces.js";
import { graphqlRoutes } from "./apollo.js";

/** Fits a logo of 512 KiB as a data URL and the rest of its mutation. */
const bodyLimit = 1024 * 1024;

/** In bytes. A smaller GraphQL response fits into one packet anyway. */
const compressFrom = 1024;

/** Longer than gateways keep idle connections, so that the gateway closes them. */
const keepAliveMs = 75_000;
/** For a whole request, including its body. */
const requestTimeoutMs = 30_000;

/** `checks`: the token check and introspection. `app`: all else. Both have health and metrics. */
export type ServedPart = "checks" | "app";

/** Serves everything over HTTP on one port. The caller starts and closes it. Serves everything unless told `only` a part. */
export async function createServer(app: AppContext, only?: ServedPart): Promise<FastifyInstance> {
  const server = Fastify({
    serverFactory: (handler) => checksFirst(only === "app" ? null : createAuthorize(app), handler),
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
  // An ID to quote when asking about a request. It appears in the log and in audit records.
  server.addHook("onRequest", (request, reply, done) => {
    reply.header("X-Request-Id", request.id);
    done();
  });
  server.addHook("onResponse", ({ routeOptions: { url } }, reply, done) => {
    const endpoint = measured[url ?? ""];
    if (endpoint) app.metrics.latencies.observe(endpoint, reply.statusCode, reply.elapsedTime);
    done();
  });
  if (app.traces) traceRequests(server, app.traces);
  server.setNotFoundHandler((_request, reply) => sendProblem(reply, problem(404, "Not found.")));
  server.setErrorHandler((error, request, reply) => answerError(app, error, request, reply));

  healthRoutes(server, app);
  oauthMetadataRoutes(server, app.config);
  if (only !== "app") {
    introspectRoutes(server, app);
    verifierRoutes(server, app);
  }
  if (only === "checks") return server;
  revokeRoutes(server, app);
  await server.register(async (scope) => {
    await scope.register(cookie);
    // Requests are not decompressed: a body could grow to a thousand times its size.
    await scope.register(compress, { threshold: compressFrom, encodings: ["br", "gzip"], globalDecompression: false });
    await scope.register((graphql) => graphqlRoutes(graphql, app), { prefix: "/graphql" });
  });
  // Routes for browsers. The checks above must be fast and need neither cookies nor page headers.
  await server.register(async (scope) => {
    await scope.register(helmet, pageHeaders(app.config));
    await scope.register(cookie);
    logoRoutes(scope, app);
    exportRoutes(scope, app);
    singleSignOnRoutes(scope, app);
    await webAppRoutes(scope, app.config);
  });
  return server;
}

/** Frequent requests that tell nothing about what the process is doing. */
const untraced = new Set(["/healthz", "/readyz", "/metrics"]);

/** Gateway checks trace themselves. Files and paths of no route have no spans. */
function traceRequests(server: FastifyInstance, traces: Traces): void {
  const spans = new WeakMap<FastifyRequest, RequestTrace>();
  server.addHook("onRequest", async (request) => {
    const { url } = request.routeOptions;
    if (url && !untraced.has(url) && !url.endsWith("*")) spans.set(request, traces.start(request, url, request.id));
  });
  // Reading the body leaves the context of `onRequest`.
  server.addHook("preHandler", (request, _reply, done) => {
    const span = spans.get(request);
    if (span) span.within(done);
    else done();
  });
  server.addHook("onResponse", async (request, reply) => spans.get(request)?.end(reply.statusCode));
}

/** By route. Gateway checks measure themselves. */
const measured: Record<string, Endpoint> = { "/oauth2/introspect": "introspect", "/graphql": "graphql" };

/** Answers gateway checks before Fastify sees the request. Fastify handles everything else. */
function checksFirst(authorize: Authorize | null, handler: RequestListener): Server {
  const server = createHttpServer((request, response) => {
    // While stopping, ask clients that keep connections open to open another elsewhere.
    if (!server.listening) response.setHeader("Connection", "close");
    if (!authorize?.(request, response)) handler(request, response);
  });
  // Read all headers, up to 16 KB of them: a second Authorization must not hide behind a thousand others.
  server.maxHeadersCount = 0;
  server.keepAliveTimeout = keepAliveMs;
  server.headersTimeout = keepAliveMs + 1_000;
  server.requestTimeout = requestTimeoutMs;
  return server;
}

/** Text that is safe in a log, and fits the column of audit records. */
const safeRequestId = /^[\w.:/+=@-]{1,64}$/;

/** The client's own X-Request-Id, or else a unique and cheap one: a random UUID per process, and a counter. */
function requestIds(): (request: RawRequestDefaultExpression) => string {
  const process = randomUUID();
  let count = 0;
  return ({ headers }) => {
    const sent = headers["x-request-id"];
    return typeof sent === "string" && safeRequestId.test(sent) ? sent : `${process}-${(++count).toString(36)}`;
  };
}

/** Like Node's default handler, but with a problem document. */
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
  // Fastify's own errors: an oversized body, invalid JSON, a URL that cannot be decoded.
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return sendProblem(reply, problem(statusCode, message ?? ""));
  const { shown, ours } = toRequestError(error);
  if (ours) app.report(ours, request.id);
  const { status, headers, body } = problemOf(shown);
  return reply.code(status).headers(headers).send(body);
}
