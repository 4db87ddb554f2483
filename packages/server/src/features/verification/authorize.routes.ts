import { isIdentifier } from "@hallpass/shared";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AppContext } from "../../app-context.js";
import { bearerChallenge, invalidTokenChallenge } from "../../errors.js";
import { parseAuthorization } from "./credential.js";
import { decide } from "./decide.js";

/**
 * The gateway check, for nginx's auth_request, Traefik, Caddy and Envoy: any method, an empty body, the answer in the
 * status and the headers. Errors by RFC 6750, section 3.1. `?module=MOD-1310` may be repeated: all are needed.
 */
export function authorizeRoutes(server: FastifyInstance, app: AppContext): void {
  const handler = (request: FastifyRequest, reply: FastifyReply) => authorize(app, request, reply);
  server.all("/authorize", handler);
  server.all("/authorize/*", handler);
}

async function authorize(app: AppContext, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.header("Cache-Control", "no-store");
  const credential = parseAuthorization(request.headers.authorization);
  if (credential.kind === "none") return reply.code(401).headers(bearerChallenge).send();

  const decision = await decide(app, credential);
  if (!decision.good) {
    request.log.info({ reason: decision.reason }, "token refused");
    return reply.code(401).headers(invalidTokenChallenge).send();
  }

  const { id, account, moduleIds } = decision.token;
  const needed = neededModules(request.query);
  const missing = needed.filter((module) => !moduleIds.includes(module));
  if (missing.length > 0) return reply.code(403).headers(insufficientScope(needed)).send();
  return reply
    .code(200)
    .headers({ "Hallpass-Token": id, "Hallpass-Account": account.id, "Hallpass-Modules": moduleIds.join(" ") })
    .send();
}

function neededModules(query: unknown): string[] {
  const { module = [] } = query as { module?: string | string[] };
  return [module].flat();
}

/** A needed module that is no identifier is a fault of the gateway's settings: nobody has it, and it is not repeated. */
function insufficientScope(needed: string[]): Record<string, string> {
  const scope = needed.filter((module) => isIdentifier("module", module)).join(" ");
  return { "WWW-Authenticate": `Bearer realm="hallpass", error="insufficient_scope", scope="${scope}"` };
}
