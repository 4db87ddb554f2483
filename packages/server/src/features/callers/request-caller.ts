import { accountHeader, isIdentifier } from "@hallpass/shared";
import { bucketHeaders, credentialOf, decide } from "@hallpass/shared/check";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AppContext } from "../../context/app-context.js";
import { createRequestContext, type RequestContext } from "../../context/request-context.js";
import type { PersonCaller, TokenCaller } from "../../core/caller-types.js";
import { ambiguousCredentials, badInput, tokenOfAnotherAccount } from "../../core/errors.js";
import { networkOf, userAgentOf } from "../../http/client-address.js";
import { expiryNotice } from "../../http/expiry-notice.js";
import { errorOf } from "../checks/denial.js";
import { callerOfSession, callersOfSession, isSessionCookie, sessionIdOf } from "../sessions/find-session.js";

/** Browsers accept a `__Host-` cookie only over https, for this host only and for all its paths. */
function sessionCookie(app: AppContext) {
  const secure = app.config.publicUrl.protocol === "https:";
  return {
    name: secure ? "__Host-hallpass" : "hallpass",
    options: { path: "/", httpOnly: true, sameSite: "strict", secure } as const,
  };
}

/** Identifies a request's caller, and collects what is needed to serve them. */
export async function contextOf(
  app: AppContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<RequestContext> {
  const { name, options } = sessionCookie(app);
  const cookie = presentedCookie(app, request);
  const namedAccountId = accountNamedBy(request);
  return createRequestContext(app, {
    caller: await callerOf(app, request, namedAccountId, reply),
    namedAccountId,
    sessionId: cookie ? sessionIdOf(cookie) : null,
    origin: {
      ...placeIn(app, request),
      sharedIp: app.addresses.isShared(request.raw),
      requestId: request.id,
    },
    setSessionCookie(value) {
      if (value === null) reply.clearCookie(name, options);
      else reply.setCookie(name, value, { ...options, maxAge: app.config.sessionLifetimeMs / 1000 });
    },
  });
}

/**
 * The caller in every account where they have a role, for resources that browsers request without naming the displayed
 * account, such as images. A request that names an account is for that one only.
 */
export async function callersOf(app: AppContext, request: FastifyRequest): Promise<(PersonCaller | TokenCaller)[]> {
  const accountId = accountNamedBy(request);
  const cookie = presentedCookie(app, request);
  if (credentialOf(request.raw).kind === "none" && cookie && !accountId)
    return lookUp(app, request, () => callersOfSession(app, cookie, placeIn(app, request)));
  const caller = await callerOf(app, request, accountId, null);
  return caller ? [caller] : [];
}

/**
 * Null if the request names none. Node joins a repeated header with commas, which no ID contains. Throws BAD_USER_INPUT
 * if it is malformed.
 */
function accountNamedBy({ headers }: FastifyRequest): string | null {
  const name = headers[accountHeader.toLowerCase()];
  if (name === undefined) return null;
  if (typeof name === "string" && isIdentifier("account", name)) return name;
  throw badInput(`${accountHeader} must be one account ID, e.g. ACC-1234-5678.`);
}

/** Null without a session or token. An invalid token is an error, never an anonymous caller. */
async function callerOf(
  app: AppContext,
  request: FastifyRequest,
  accountId: string | null,
  reply: FastifyReply | null,
): Promise<PersonCaller | TokenCaller | null> {
  const credential = credentialOf(request.raw);
  const cookie = presentedCookie(app, request);
  if (credential.kind === "none")
    return cookie ? lookUp(app, request, () => callerOfSession(app, cookie, placeIn(app, request), accountId)) : null;
  if (credential.kind === "ambiguous") throw ambiguousCredentials();
  const decision = await decide(app, credential, placeIn(app, request));
  if (decision.good) {
    const { id, name, account, moduleIds, expiresAt, ipRanges, rateLimit } = decision.token;
    if (accountId && accountId !== account.id) throw tokenOfAnotherAccount();
    reply?.headers(expiryNotice(expiresAt, app.now().getTime()));
    if (decision.bucket) reply?.headers(bucketHeaders(decision.bucket));
    return { kind: "token", id, name, account, moduleIds, expiresAt, ipRanges, rateLimit, digest: decision.digest };
  }
  request.log.info({ token: decision.tokenId, reason: decision.reason }, "token denied");
  throw errorOf(decision);
}

const placeIn = (app: AppContext, request: FastifyRequest) => ({
  ip: app.addresses.of(request.raw),
  userAgent: userAgentOf(request),
});

/** Also null for a cookie that cannot be a session, so that it costs no query. */
function presentedCookie(app: AppContext, { cookies }: FastifyRequest): string | null {
  const cookie = cookies[sessionCookie(app).name];
  return cookie && isSessionCookie(cookie) ? cookie : null;
}

/**
 * Anyone can make up a cookie and have it looked up, so only a few lookups run at once, and each IP address gets a fair
 * share.
 */
function lookUp<T>(app: AppContext, request: FastifyRequest, work: () => Promise<T>): Promise<T> {
  return app.sessionQueue.admit(networkOf(app.addresses.of(request.raw)), (limit) => limit(work));
}
