import { setImmediate as nextTurn } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { AppContext } from "../../context/app-context.js";
import { badInput } from "../../core/errors.js";
import { networkOf, userAgentOf } from "../../http/client-address.js";
import { answerOAuthErrors, onlyPost } from "../../http/oauth-error.js";
import { createRateLimit } from "../../infra/rate-limit.js";
import { type Leak, revokeByValue } from "./changes/revoke-by-value.js";

const path = "/oauth2/revoke";
/** Fits 1,000 values. */
const maxBodyBytes = 128 * 1024;

/** Requests to revoke, by network: 60 a minute. */
export const createRevokeLimit = (redis: Redis | null) =>
  createRateLimit({ name: "revoke", attempts: 60, seconds: 60 }, redis);

const valuesPerTurn = 20;

const leakReport = z.object({
  tokens: z.array(z.string()).min(1).max(1_000),
  reason: z.string().max(500).optional(),
  url: z.string().max(2_000).optional(),
});

/**
 * Token revocation, RFC 7009, by whoever holds the value: it proves the right to revoke. Leak scanners report up to 1,000
 * values as JSON. The answer is the same whether or not a value is valid, and comes once every token found is denied.
 */
export function revokeRoutes(server: FastifyInstance, app: AppContext): void {
  server.register(async (scope) => {
    scope.setErrorHandler(answerOAuthErrors(app.report));
    scope.removeAllContentTypeParsers();
    const options = { parseAs: "string", bodyLimit: maxBodyBytes } as const;
    scope.addContentTypeParser<string>("application/x-www-form-urlencoded", options, (_request, body, done) =>
      done(null, ofForm(body)),
    );
    scope.addContentTypeParser<string>("application/json", options, (_request, body, done) => done(null, ofJson(body)));
    scope.post(path, (request, reply) => revoke(app, request, reply));
    scope.get(path, onlyPost);
  });
}

type Report = { tokens: string[]; leak: Leak | null };

async function revoke(app: AppContext, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const ip = app.addresses.of(request.raw);
  // A shared IP address has no limit, because one client could use up everyone's. Guessing a value is hopeless anyway.
  if (!app.addresses.isShared(request.raw)) await app.revokeLimit.take(networkOf(ip));
  const report = request.body as Report | null | undefined;
  if (report === undefined) throw badInput("Send the 'token' parameter, form-encoded, or a JSON report.");
  if (report === null)
    throw badInput("Send exactly one 'token' parameter, form-encoded, or JSON with 'tokens': 1 to 1,000 values.");
  const origin = { ip, userAgent: userAgentOf(request), requestId: request.id };
  for (const [index, value] of report.tokens.entries()) {
    await revokeByValue(app, origin, value, report.leak);
    // The embedded database answers without leaving the thread, which others need in between.
    if (index % valuesPerTurn === valuesPerTurn - 1) await nextTurn();
  }
  return reply.headers({ "Cache-Control": "no-store", Pragma: "no-cache" }).code(200).send();
}

/** Null if it is malformed. */
function ofForm(body: string): Report | null {
  const tokens = new URLSearchParams(body).getAll("token");
  return tokens.length === 1 ? { tokens, leak: null } : null;
}

function ofJson(body: string): Report | null {
  const { data } = leakReport.safeParse(parsed(body));
  return data ? { tokens: data.tokens, leak: { reason: data.reason ?? null, url: data.url ?? null } } : null;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
