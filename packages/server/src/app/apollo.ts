import { setImmediate as nextTurn } from "node:timers/promises";
import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import { unwrapResolverError } from "@apollo/server/errors";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from "@as-integrations/fastify";
import cors, { type FastifyCorsOptions } from "@fastify/cors";
import { type RequestErrorCode, requestErrorCodes } from "@hallpass/shared";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, printSchema } from "graphql";
import type { AppContext } from "../context/app-context.js";
import type { RequestContext } from "../context/request-context.js";
import { RequestError } from "../core/errors.js";
import { withholdLateAnswers } from "../features/callers/late-answers.js";
import { contextOf } from "../features/callers/request-caller.js";
import { limitIntrospection, limitOperations, maxTokens } from "../graphql/query-limits.js";
import { toRequestError } from "../http/to-request-error.js";
import { hstsSeconds } from "../http/web-app.js";
import type { Config } from "../infra/config.js";
import { traceOperation } from "../infra/traces.js";
import { createSchema } from "./schema.js";

/** In bytes. Parsing takes about 20 ms for 1 MB, so larger bodies wait for a turn of their own. */
const smallBody = 16 * 1024;

/** GraphQL over HTTP, and the schema as text. `server` has the prefix /graphql, which CORS applies to. */
export async function graphqlRoutes(server: FastifyInstance, app: AppContext): Promise<void> {
  const schema = createSchema();
  const apollo = await startApollo(server, app, schema);
  if (app.config.corsOrigins.length > 0) await server.register(cors, corsOptions(app.config));
  const headers = answerHeaders(app.config);
  server.addHook("onRequest", async (_request, reply) => void reply.headers(headers));
  const turn = onePerTurn();
  const parse = server.getDefaultJsonParser("error", "error");
  server.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (request, body, done) => {
    if (body.length <= smallBody) parse(request, body.toString(), done);
    else void turn().then(() => parse(request, body.toString(), done));
  });
  server.route({
    method: ["GET", "POST"],
    url: "",
    preHandler: turn,
    handler: fastifyApolloHandler(apollo, {
      context: (request, reply) => contextOf(app, request, reply).catch((error) => explainFailure(app, request, error)),
    }),
  });
  if (!app.config.introspection) return;
  const text = printSchema(schema);
  server.get("/schema.graphql", (_request, reply) => reply.type("text/plain; charset=utf-8").send(text));
}

/**
 * Pages of these origins may send API tokens, and read what programs need of a response. Their requests never carry the
 * session: without Access-Control-Allow-Credentials, browsers neither send cookies after a preflight nor show the
 * response to a request that carried them.
 */
const corsOptions = ({ corsOrigins }: Config): FastifyCorsOptions => ({
  origin: corsOrigins.includes("*") ? "*" : corsOrigins,
  methods: ["GET", "POST"],
  exposedHeaders: [
    "Hallpass-Expires-At",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
  ],
  maxAge: 7_200,
});

/** What a browser needs to know of a response that is no page. */
function answerHeaders({ publicUrl }: Config): Record<string, string> {
  const headers = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
  if (publicUrl.protocol !== "https:") return headers;
  return { ...headers, "Strict-Transport-Security": `max-age=${hstsSeconds}; includeSubDomains` };
}

/** Starts concurrent requests one per turn of the event loop, so that checks are answered in between. */
function onePerTurn(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => nextTurn());
    return last;
  };
}

/** Apollo treats any failure to identify the caller as a bug of ours. An unavailable database is not one. */
function explainFailure(app: AppContext, request: FastifyRequest, error: unknown): never {
  const { shown, ours } = toRequestError(error);
  if (ours) app.report(ours, request.id);
  throw shown;
}

async function startApollo(
  server: FastifyInstance,
  app: AppContext,
  schema: GraphQLSchema,
): Promise<ApolloServer<RequestContext>> {
  const apollo = new ApolloServer<RequestContext>({
    schema,
    // Another site's page can send none of these without a preflight. Only Authorization also replaces the session.
    csrfPrevention: { requestHeaders: ["Authorization", "Apollo-Require-Preflight", "X-Apollo-Operation-Name"] },
    parseOptions: { maxTokens },
    validationRules: [limitIntrospection],
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    introspection: app.config.introspection,
    // Errors then do not suggest names either.
    hideSchemaDetailsFromClientErrors: !app.config.introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: app.logger,
    formatError,
    plugins: [
      fastifyApolloDrainPlugin(server),
      ApolloServerPluginLandingPageDisabled(),
      // It would wrap every field.
      ApolloServerPluginCacheControlDisabled(),
      limitOperations,
      ...(app.traces ? [traceOperations] : []),
      withholdLateAnswers,
      reportFailures,
    ],
  });
  await apollo.start();
  return apollo;
}

/** Returns only our API's error codes. An internal error is reported without its cause. */
function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { cause, code } = causeOf(error);
  if (cause instanceof RequestError) return formatted;
  if (code) return { ...formatted, extensions: { code } };
  const { shown } = toRequestError(cause);
  return { ...formatted, message: shown.message, extensions: { code: shown.code } };
}

/** The error a resolver or GraphQL itself threw. `code` is set if GraphQL found the request invalid, else null. */
function causeOf(error: unknown): { cause: unknown; code: RequestErrorCode | null } {
  const cause = unwrapResolverError(error);
  if (!(cause instanceof GraphQLError) || cause instanceof RequestError) return { cause, code: null };
  const code = cause.extensions.code as string | undefined;
  return { cause, code: code === "INTERNAL_SERVER_ERROR" ? null : contractCode(code) };
}

const traceOperations: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, operationName }) {
        if (operation) traceOperation(operation.operation, operationName);
      },
    };
  },
};

/** Maps Apollo's own codes for malformed requests to BAD_USER_INPUT. */
function contractCode(code: string | undefined): RequestErrorCode {
  return requestErrorCodes.find((each) => each === code) ?? "BAD_USER_INPUT";
}

/** Reports failures to the log, and to clients that look only at the HTTP status. */
const reportFailures: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didEncounterErrors({ errors, contextValue: { app, origin } }) {
        for (const error of errors) {
          const { cause, code } = causeOf(error);
          const { ours } = code ? { ours: null } : toRequestError(cause);
          if (ours) app.report(ours, origin.requestId);
        }
      },
      async willSendResponse({ response }) {
        if (response.body.kind !== "single") return;
        const codes = response.body.singleResult.errors?.map(({ extensions }) => extensions?.code);
        if (codes?.includes("SERVICE_UNAVAILABLE")) {
          response.http.status = 503;
          response.http.headers.set("retry-after", "5");
        } else if (codes?.includes("INTERNAL_SERVER_ERROR")) response.http.status = 500;
      },
    };
  },
};
