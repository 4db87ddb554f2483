import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import statics from "@fastify/static";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { startApollo } from "./apollo.js";
import type { AppContext } from "./app-context.js";
import { toRequestError } from "./errors.js";
import { iconRoutes } from "./features/api-tokens/icon.routes.js";
import { healthRoutes } from "./features/health/health.routes.js";
import { authorizeRoutes } from "./features/verification/authorize.routes.js";
import { introspectRoutes } from "./features/verification/introspect.routes.js";
import { problem, sendProblem } from "./problem.js";
import { contextOf } from "./request-caller.js";

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
  server.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  await server.register(helmet, securityHeaders(app));
  await server.register(cookie);
  // A body of another type is no fault of /authorize, which reads none.
  server.addContentTypeParser("*", (_request, payload, done) => {
    payload.resume();
    done(null);
  });

  healthRoutes(server, app);
  authorizeRoutes(server, app);
  introspectRoutes(server, app);
  iconRoutes(server, app);
  const apollo = await startApollo(app, server);
  server.route({
    method: ["GET", "POST"],
    url: "/graphql",
    handler: fastifyApolloHandler(apollo, { context: (request, reply) => contextOf(app, request, reply) }),
  });
  await serveWebApp(server);
  return server;
}

const webApp = fileURLToPath(new URL("../../web/dist", import.meta.url));

/** The single-page app: its files, and its page for every path that is a page of it. */
async function serveWebApp(server: FastifyInstance): Promise<void> {
  const notFound = (_request: FastifyRequest, reply: FastifyReply) =>
    sendProblem(reply, problem(404, "There is nothing at this address."));
  if (!existsSync(webApp)) {
    server.setNotFoundHandler(notFound);
    return;
  }
  await server.register(statics, {
    root: webApp,
    index: false,
    wildcard: false,
    setHeaders(reply, path) {
      // The build puts a hash of the content into the names of what is in assets.
      reply.header("Cache-Control", path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  server.get("/graphiql", (_request, reply) => reply.sendFile("graphiql.html"));
  server.setNotFoundHandler((request, reply) => {
    const isPage =
      ["GET", "HEAD"].includes(request.method) &&
      /^\/(sign-in|settings(\/|$)|$)/.test(request.url.split("?", 1)[0] ?? "");
    return isPage ? reply.sendFile("index.html") : notFound(request, reply);
  });
}

function securityHeaders(app: AppContext) {
  const secure = app.config.publicUrl.protocol === "https:";
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Mantine sets the style attribute, and style elements for its variables.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'", "blob:"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    hsts: secure && { maxAge: 31_536_000 },
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
  } as const;
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
