import type { FastifyReply, FastifyRequest } from "fastify";
import type { AppContext } from "./app-context.js";
import { userAgentOf } from "./client-address.js";
import { ambiguousCredentials, invalidToken } from "./errors.js";
import { callerOfSession, sessionLifetimeMs } from "./features/sessions/sessions.service.js";
import { credentialOf } from "./features/verification/credential.js";
import { decide } from "./features/verification/decide.js";
import { createRequestContext, type PersonCaller, type RequestContext, type TokenCaller } from "./request-context.js";

/** The browser takes a `__Host-` cookie over https alone, for this host alone, and for all its paths. */
function sessionCookie(app: AppContext) {
  const secure = app.config.publicUrl.protocol === "https:";
  return {
    name: secure ? "__Host-hallpass" : "hallpass",
    options: { path: "/", httpOnly: true, sameSite: "strict", secure } as const,
  };
}

/** Who a request is from, and all that answering it needs. */
export async function contextOf(
  app: AppContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<RequestContext> {
  const { name, options } = sessionCookie(app);
  const cookie = request.cookies[name];
  return createRequestContext(app, {
    caller: await callerOf(app, request, cookie),
    origin: {
      ip: app.addresses.of(request.raw),
      sharedIp: app.addresses.isShared(request.raw),
      userAgent: userAgentOf(request),
      requestId: request.id,
    },
    setSessionCookie(value) {
      if (value === null) reply.clearCookie(name, options);
      else reply.setCookie(name, value, { ...options, maxAge: sessionLifetimeMs / 1000 });
    },
  });
}

/** Null without a session and without a token. A token that is not good is an error, never 'anonymous'. */
async function callerOf(
  app: AppContext,
  request: FastifyRequest,
  cookie: string | undefined,
): Promise<PersonCaller | TokenCaller | null> {
  const credential = credentialOf(request.raw);
  if (credential.kind === "none") return cookie ? callerOfSession(app, cookie) : null;
  if (credential.kind === "ambiguous") throw ambiguousCredentials();
  const origin = { ip: app.addresses.of(request.raw), userAgent: userAgentOf(request) };
  const decision = await decide(app, credential, origin);
  if (decision.good) {
    const { id, name, account, moduleIds, expiresAt } = decision.token;
    return { kind: "token", id, name, account, moduleIds, expiresAt, digest: decision.digest };
  }
  request.log.info({ token: decision.tokenId, reason: decision.reason }, "token refused");
  throw invalidToken();
}
