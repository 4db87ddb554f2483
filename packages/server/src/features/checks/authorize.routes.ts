import type { IncomingMessage, ServerResponse } from "node:http";
import { bucketHeaders, count, type Decision, decideOnHeader, hasOneAuthorization } from "@hallpass/shared/check";
import type { AppContext } from "../../context/app-context.js";
import {
  ambiguousCredentials,
  bearerChallenge,
  invalidTokenChallenge,
  outsideIpRangesChallenge,
} from "../../core/errors.js";
import { userAgentOf } from "../../http/client-address.js";
import { expiryNotice } from "../../http/expiry-notice.js";
import { problem, problemHeaders, problemOf } from "../../http/problem.js";
import { toRequestError } from "../../http/to-request-error.js";
import { checkPath, createNeededModules } from "./needed-modules.js";

/** Answers a gateway's check. Returns false if the request is for another route. */
export type Authorize = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * The gateway check, for nginx's auth_request, Traefik, Caddy and Envoy: any method, an empty body, the decision in the
 * status and headers. Errors follow RFC 6750, section 3.1. The URL lists the required modules: see needed-modules.ts.
 *
 * It runs on Node's own server, before Fastify: a platform sends a check for every request, and routing, parsing and
 * hooks cost more than the decision. Body and content type, which gateways forward from the original request, are not
 * read.
 *
 * The required modules are read before the credential, so that a misconfigured gateway is noticed at its first request,
 * with or without a token: 400 or 404, which gateways treat as a denial.
 */
export function createAuthorize(app: AppContext): Authorize {
  const neededModules = createNeededModules();
  return (request, response) => {
    const target = pathAndQuery(request.url ?? "");
    if (!target.startsWith(checkPath)) return false;
    const began = performance.now();
    const span = app.traces?.start(request, checkPath);
    const observe = () => {
      app.metrics.latencies.observe("authorize", response.statusCode, performance.now() - began);
      span?.end(response.statusCode);
    };
    const fail = (error: unknown) => {
      answerError(app, response, error);
      observe();
    };
    const answer = () => {
      try {
        const needed = neededModules(target);
        const deciding =
          typeof needed === "number"
            ? answerMisconfigured(app, response, needed)
            : check(app, request, response, needed);
        if (deciding) deciding.then(observe, fail);
        else observe();
      } catch (error) {
        fail(error);
      }
    };
    // Failures are logged with the IDs of the trace, too.
    if (span) span.within(answer);
    else answer();
    return true;
  };
}

const absoluteForm = /^https?:\/\/[^/?#]+/i;

/**
 * Path and query of a request target in origin form, or in absolute form, which servers must accept (RFC 9112, section
 * 3.2.2).
 */
function pathAndQuery(target: string): string {
  return target.charCodeAt(0) === slash ? target : target.replace(absoluteForm, "");
}

const slash = 47;

/** Synchronous for a warm token. */
function check(
  app: AppContext,
  request: IncomingMessage,
  response: ServerResponse,
  needed: readonly string[],
): Promise<void> | undefined {
  // Not from the query, which may be the client's own: a token there is not a credential, and makes nothing ambiguous.
  const { authorization } = request.headers;
  if (authorization === undefined) return answer(response, 401, bearerChallenge);
  if (!hasOneAuthorization(request)) throw ambiguousCredentials();
  const origin = { ip: app.addresses.of(request), userAgent: userAgentOf(request) };
  const decision = decideOnHeader(app, authorization, origin, needed);
  if (!(decision instanceof Promise)) return answerDecision(app, response, decision, needed);
  return decision.then((each) => answerDecision(app, response, each, needed));
}

function answerDecision(
  app: AppContext,
  response: ServerResponse,
  decision: Decision,
  needed: readonly string[],
): undefined {
  if (decision.good) {
    const { id, account, scope, expiresAt } = decision.token;
    const { bucket } = decision;
    response.writeHead(200, {
      "Hallpass-Token": id,
      "Hallpass-Account": account.id,
      "Hallpass-Modules": scope,
      ...expiryNotice(expiresAt, app.now().getTime()),
      ...(bucket && bucketHeaders(bucket)),
      "Cache-Control": "no-store",
      "Content-Length": "0",
    });
    response.end();
    return;
  }
  app.logger.info({ token: decision.tokenId, reason: decision.reason }, "token denied");
  if (decision.bucket) return answer(response, 429, bucketHeaders(decision.bucket));
  if (decision.reason === "insufficient_scope") return answer(response, 403, insufficientScope(needed));
  if (decision.reason === "outside_ip_ranges")
    return answer(response, 403, { "WWW-Authenticate": outsideIpRangesChallenge });
  return answer(response, 401, invalidTokenChallenge);
}

function answer(response: ServerResponse, status: number, headers: Record<string, string>): undefined {
  response.writeHead(status, { ...headers, "Cache-Control": "no-store", "Content-Length": "0" }).end();
}

const detailOf = {
  400: "List each required module as ?module=MOD-1310&module=MOD-1320 and nothing else, or leave the query out.",
  404: "Use /authorize, /authorize/any or /authorize/modules/MOD-1310,MOD-1320.",
};

/** Explains the error to the gateway's operator. The log does not repeat the request, which may contain anything. */
function answerMisconfigured(app: AppContext, response: ServerResponse, status: 400 | 404): undefined {
  count(app, "misconfigured");
  app.logger.info({ reason: "misconfigured", status }, "check denied");
  const body = JSON.stringify(problem(status, detailOf[status]));
  response.writeHead(status, { ...problemHeaders, "Content-Length": Buffer.byteLength(body) }).end(body);
}

function answerError(app: AppContext, response: ServerResponse, error: unknown): void {
  const { shown, ours } = toRequestError(error);
  if (ours) app.report(ours, null);
  const { status, headers, body } = problemOf(shown);
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) }).end(body);
}

function insufficientScope(needed: readonly string[]): Record<string, string> {
  return { "WWW-Authenticate": `Bearer realm="hallpass", error="insufficient_scope", scope="${needed.join(" ")}"` };
}
