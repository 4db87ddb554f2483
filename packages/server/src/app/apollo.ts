import { setImmediate as nextTurn } from "node:timers/promises";
import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import { unwrapResolverError } from "@apollo/server/errors";
import { ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from "@as-integrations/fastify";
import { type RequestErrorCode, requestErrorCodes } from "@hallpass/shared";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import pLimit from "p-limit";
import type { AppContext } from "../context/app-context.js";
import type { RequestContext } from "../context/request-context.js";
import { RequestError } from "../core/errors.js";
import { withholdLateAnswers } from "../features/callers/late-answers.js";
import { contextOf } from "../features/callers/request-caller.js";
import { limitIntrospection, limitOperations, maxTokens } from "../graphql/query-limits.js";
import { toRequestError } from "../http/to-request-error.js";
import { createSchema } from "./schema.js";

/** GraphQL over HTTP. */
export async function graphqlRoutes(server: FastifyInstance, app: AppContext): Promise<void> {
  const apollo = await startApollo(server, app);
  const turn = onePerTurn();
  const parse = server.getDefaultJsonParser("error", "error");
  // A body of 1 MB takes some 20 ms to parse.
  server.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (request, body, done) => {
    void turn().then(() => parse(request, body.toString(), done));
  });
  server.route({
    method: ["GET", "POST"],
    url: "/graphql",
    preHandler: turn,
    handler: fastifyApolloHandler(apollo, {
      context: (request, reply) => contextOf(app, request, reply).catch((error) => explainFailure(app, request, error)),
    }),
  });
}

/** What arrives together begins one in each turn of the event loop, so that checks are answered in between. */
function onePerTurn(): () => Promise<void> {
  const limit = pLimit(1);
  return () => limit(() => nextTurn());
}

/** Apollo treats any failure to establish the caller as a bug of ours; an unavailable database isn't one. */
function explainFailure(app: AppContext, request: FastifyRequest, error: unknown): never {
  const { shown, ours } = toRequestError(error);
  if (ours) app.report(ours, request.id);
  throw shown;
}

async function startApollo(server: FastifyInstance, app: AppContext): Promise<ApolloServer<RequestContext>> {
  const apollo = new ApolloServer<RequestContext>({
    schema: createSchema(),
    csrfPrevention: true,
    parseOptions: { maxTokens },
    validationRules: [limitIntrospection],
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    introspection: app.config.introspection,
    // Nor does an error then suggest a name.
    hideSchemaDetailsFromClientErrors: !app.config.introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: app.logger,
    formatError,
    plugins: [
      fastifyApolloDrainPlugin(server),
      ApolloServerPluginLandingPageDisabled(),
      limitOperations,
      reportFailures,
      withholdLateAnswers,
      statusOfFailures,
    ],
  });
  await apollo.start();
  return apollo;
}

/** Returns only the contract's codes. An internal error is reported without its cause. */
function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { cause, code } = causeOf(error);
  if (cause instanceof RequestError) return formatted;
  if (code) return { ...formatted, extensions: { code } };
  const { shown } = toRequestError(cause);
  return { ...formatted, message: shown.message, extensions: { code: shown.code } };
}

/** What a resolver threw, or GraphQL itself. The code is that of a wrong request; null: the caller is not to blame. */
function causeOf(error: unknown): { cause: unknown; code: RequestErrorCode | null } {
  const cause = unwrapResolverError(error);
  if (!(cause instanceof GraphQLError) || cause instanceof RequestError) return { cause, code: null };
  const code = cause.extensions.code as string | undefined;
  return { cause, code: code === "INTERNAL_SERVER_ERROR" ? null : contractCode(code) };
}

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
    };
  },
};

/** Apollo has codes of its own for requests that are wrong in form; to the caller they are wrong input. */
function contractCode(code: string | undefined): RequestErrorCode {
  return requestErrorCodes.find((each) => each === code) ?? "BAD_USER_INPUT";
}

/** A failure of ours shows in the HTTP status too, for whoever only looks there. */
const statusOfFailures: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
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
