import type { IncomingMessage, ServerResponse } from "node:http";
import proxyAddress from "@fastify/proxy-addr";
import { isIdentifier } from "@hallpass/shared";
import type { AppContext } from "../../app-context.js";
import { knownAddress, userAgentOf } from "../../client-address.js";
import { ambiguousCredentials, bearerChallenge, invalidTokenChallenge, toRequestError } from "../../errors.js";
import { problemOf } from "../../problem.js";
import { credentialOf } from "./credential.js";
import { type Decision, decide } from "./decide.js";

/** Answers a gateway's request, or gives false when the request is for somebody else. */
export type Authorize = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * The gateway check, for nginx's auth_request, Traefik, Caddy and Envoy: any method, an empty body, the answer in the
 * status and the headers. Errors by RFC 6750, section 3.1. `?module=MOD-1310` may be repeated: all are needed.
 *
 * It stands on Node's own server, before Fastify: a platform asks on every request, and routing, parsing and hooks cost
 * more than the decision. What gateways send along (type and body of the request that they ask about) is not read.
 */
export function createAuthorize(app: AppContext): Authorize {
  const addressOf = clientAddress(app.config.trustProxy);
  return (request, response) => {
    const { url = "" } = request;
    if (!url.startsWith(path) || !isEndOfPath(url.charCodeAt(path.length))) return false;
    try {
      const answering = check(app, request, response, addressOf);
      if (answering) answering.catch((error) => answerError(app, response, error));
    } catch (error) {
      answerError(app, response, error);
    }
    return true;
  };
}

const path = "/authorize";

/** Nothing, `/` or `?`. */
const isEndOfPath = (code: number) => Number.isNaN(code) || code === 47 || code === 63;

/** In the same turn of the event loop when the token is warm. */
function check(
  app: AppContext,
  request: IncomingMessage,
  response: ServerResponse,
  addressOf: (request: IncomingMessage) => string | null,
): Promise<void> | undefined {
  const credential = credentialOf(request);
  if (credential.kind === "none") return answer(response, 401, bearerChallenge);
  if (credential.kind === "ambiguous") throw ambiguousCredentials();
  const needed = neededModules(request.url ?? "");
  const origin = { ip: addressOf(request), userAgent: userAgentOf(request) };
  const decision = decide(app, credential, origin, needed);
  if (!(decision instanceof Promise)) return answerDecision(app, response, decision, needed);
  return decision.then((each) => answerDecision(app, response, each, needed));
}

function answerDecision(app: AppContext, response: ServerResponse, decision: Decision, needed: string[]): undefined {
  if (decision.good) {
    const { id, account, scope } = decision.token;
    response.writeHead(200, {
      "Hallpass-Token": id,
      "Hallpass-Account": account.id,
      "Hallpass-Modules": scope,
      "Cache-Control": "no-store",
      "Content-Length": "0",
    });
    response.end();
    return;
  }
  app.logger.info({ token: decision.tokenId, reason: decision.reason }, "token refused");
  return decision.reason === "insufficient_scope"
    ? answer(response, 403, insufficientScope(needed))
    : answer(response, 401, invalidTokenChallenge);
}

function answer(response: ServerResponse, status: number, headers: Record<string, string>): undefined {
  response.writeHead(status, { ...headers, "Cache-Control": "no-store", "Content-Length": "0" }).end();
}

function answerError(app: AppContext, response: ServerResponse, error: unknown): void {
  const { shown, ours } = toRequestError(error);
  if (ours) app.report(ours, null);
  const { status, headers, body } = problemOf(shown);
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) }).end(body);
}

/** The peer, or who it says that it asks for when it is one of the proxies: walked from the right. */
function clientAddress(proxies: string[]): (request: IncomingMessage) => string | null {
  if (proxies.length === 0) return ({ socket }) => socket.remoteAddress ?? null;
  const isTrusted = proxyAddress.compile(proxies);
  return (request) => knownAddress(proxyAddress(request, isTrusted));
}

const noModules: string[] = [];

function neededModules(url: string): string[] {
  const query = url.indexOf("?");
  return query === -1 ? noModules : new URLSearchParams(url.slice(query + 1)).getAll("module");
}

/** A needed module that is no identifier is a fault of the gateway's settings: nobody has it, and it is not repeated. */
function insufficientScope(needed: string[]): Record<string, string> {
  const scope = needed.filter((module) => isIdentifier("module", module)).join(" ");
  return { "WWW-Authenticate": `Bearer realm="hallpass", error="insufficient_scope", scope="${scope}"` };
}
