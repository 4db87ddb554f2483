import { isIdentifier } from "@hallpass/shared";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AppContext } from "../../app-context.js";
import { ambiguousCredentials, bearerChallenge, invalidTokenChallenge } from "../../errors.js";
import { credentialOf } from "./credential.js";
import { type Decision, decide } from "./decide.js";

/**
 * The gateway check, for nginx's auth_request, Traefik, Caddy and Envoy: any method, an empty body, the answer in the
 * status and the headers. Errors by RFC 6750, section 3.1. `?module=MOD-1310` may be repeated: all are needed.
 */
export function authorizeRoutes(server: FastifyInstance, app: AppContext): void {
  const handler = (request: FastifyRequest, reply: FastifyReply) => authorize(app, request, reply);
  server.register(async (scope) => {
    // Gateways send the type, and some the body, of the request that they ask about: none of it is read.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => {
      payload.resume();
      done(null);
    });
    scope.all("/authorize", handler);
    scope.all("/authorize/*", handler);
  });
}

/** Answers in the same turn of the event loop when the token is warm. */
function authorize(
  app: AppContext,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  reply.header("Cache-Control", "no-store");
  const credential = credentialOf(request.raw);
  if (credential.kind === "none") return reply.code(401).headers(bearerChallenge).send();
  if (credential.kind === "ambiguous") throw ambiguousCredentials();
  const needed = neededModules(request.query);
  const origin = { ip: request.ip, userAgent: request.headers["user-agent"] ?? null };
  const decision = decide(app, credential, origin, needed);
  if (decision instanceof Promise) return decision.then((each) => answer(request, reply, each, needed));
  return answer(request, reply, decision, needed);
}

function answer(request: FastifyRequest, reply: FastifyReply, decision: Decision, needed: string[]): FastifyReply {
  if (decision.good) {
    const { id, account, moduleIds } = decision.token;
    reply.header("Hallpass-Token", id).header("Hallpass-Account", account.id);
    return reply.header("Hallpass-Modules", moduleIds.join(" ")).send();
  }
  request.log.info({ token: decision.tokenId, reason: decision.reason }, "token refused");
  if (decision.reason === "insufficient_scope") return reply.code(403).headers(insufficientScope(needed)).send();
  return reply.code(401).headers(invalidTokenChallenge).send();
}

const noModules: string[] = [];

function neededModules(query: unknown): string[] {
  const { module } = query as { module?: string | string[] };
  if (module === undefined) return noModules;
  return Array.isArray(module) ? module : [module];
}

/** A needed module that is no identifier is a fault of the gateway's settings: nobody has it, and it is not repeated. */
function insufficientScope(needed: string[]): Record<string, string> {
  const scope = needed.filter((module) => isIdentifier("module", module)).join(" ");
  return { "WWW-Authenticate": `Bearer realm="hallpass", error="insufficient_scope", scope="${scope}"` };
}
