import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { AppContext } from "../../context/app-context.js";
import type { RequestOrigin } from "../../core/caller-types.js";
import { RequestError, rateLimited } from "../../core/errors.js";
import { createWorkQueue } from "../../core/work-queue.js";
import { networkOf } from "../../http/client-address.js";
import { contextOf } from "../callers/request-caller.js";
import { findPerson, recordRefusal, startSession } from "../sessions/start-session.js";
import { createIdentityProvider, SignInError, type SignInProblem } from "./identity-provider.js";

/** How long a person may take at the identity provider. */
const attemptSeconds = 15 * 60;

const attemptFormat = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  again: z.boolean(),
  /** The page to show afterwards. */
  redirect: z.string(),
  /** The browser's earlier session, whose cookie is not sent when another site sends the browser back. */
  earlierSessionId: z.string().nullable(),
});
type KeptAttempt = z.output<typeof attemptFormat>;

const firstPage = "/settings/api-tokens";

/**
 * Sign-in with the identity provider: `/sign-in/oidc` sends the browser there, and the provider sends it back to
 * `/sign-in/oidc/callback`. Ends at the page that `redirect` names, or at the sign-in page with a `problem`. Does not
 * exist unless OIDC_ISSUER is set. With `again`, the person must prove to the provider who they are.
 */
export function singleSignOnRoutes(server: FastifyInstance, app: AppContext): void {
  const { identityProvider, publicUrl } = app.config;
  if (!identityProvider) return;
  const callback = new URL("/sign-in/oidc/callback", publicUrl);
  const provider = createIdentityProvider(identityProvider, callback);
  const secure = publicUrl.protocol === "https:";
  const cookie = {
    name: secure ? "__Host-hallpass-oidc" : "hallpass-oidc",
    // Not strict: it is for a request that another site causes.
    options: { path: "/", httpOnly: true, sameSite: "lax", secure } as const,
  };
  // Each makes requests to the provider.
  const queue = createWorkQueue({
    concurrency: 8,
    capacity: 64,
    perCaller: 16,
    rejection: () => rateLimited("Too many people are signing in. Try again in a few seconds.", 3),
  });

  server.get<{ Querystring: { redirect?: unknown; again?: unknown } }>("/sign-in/oidc", (request, reply) =>
    answering(reply, request.query.redirect, async (redirect) => {
      const { sessionId, origin } = await contextOf(app, request, reply);
      const { url, attempt } = await queue.admit(networkOf(origin.ip), (limit) =>
        limit(() => provider.start(request.query.again !== undefined)),
      );
      const kept: KeptAttempt = { ...attempt, redirect, earlierSessionId: sessionId };
      reply.setCookie(cookie.name, encode(kept), { ...cookie.options, maxAge: attemptSeconds });
      return url.href;
    }),
  );

  server.get("/sign-in/oidc/callback", (request, reply) => {
    const kept = decode(request.cookies[cookie.name]);
    return answering(reply, kept?.redirect, async (redirect) => {
      // An attempt is used once, whatever comes of it.
      reply.clearCookie(cookie.name, cookie.options);
      if (!kept) throw new SignInError("failed", { cause: "The browser sent no attempt." });
      const { origin, setSessionCookie } = await contextOf(app, request, reply);
      setSessionCookie(await finish(request, origin, kept));
      return redirect;
    });
  });

  /** Returns the session's cookie. */
  async function finish(request: FastifyRequest, origin: RequestOrigin, kept: KeptAttempt): Promise<string> {
    const network = networkOf(origin.ip);
    const { perAddress } = app.signInLimits;
    if (!origin.sharedIp) await perAddress.take(network, () => recordRefusal({ app, origin }, null, "throttled"));
    const returned = new URL(callback);
    returned.search = new URL(request.url, callback).search;
    const giveBack = async () => {
      if (!origin.sharedIp) await perAddress.giveBack(network);
    };
    const identity = queue.admit(network, (limit) => limit(() => provider.finish(returned, kept)));
    const { email, authenticatedAt } = await identity.catch(async (error) => {
      // No one has guessed anything.
      if (["unavailable", "cancelled", "busy"].includes(problemOf(error) ?? "")) await giveBack();
      throw error;
    });
    const user = await findPerson(app, email);
    const started =
      user &&
      (await startSession({ app, origin }, user, {
        earlierSessionId: kept.earlierSessionId,
        stillIs: { email },
        authenticatedAt,
        how: "through the identity provider",
      }));
    if (!started) {
      await recordRefusal({ app, origin }, user, "refused");
      throw new SignInError("unknown-person");
    }
    await giveBack();
    app.metrics.signIns.inc({ outcome: "good" });
    return started.cookie;
  }

  /** Redirects to where the work says, or to the sign-in page if it fails. */
  async function answering(
    reply: FastifyReply,
    wanted: unknown,
    work: (redirect: string) => Promise<string>,
  ): Promise<FastifyReply> {
    const redirect = isOwnPath(wanted) ? wanted : firstPage;
    reply.header("Cache-Control", "no-store");
    try {
      return reply.redirect(await work(redirect), 303);
    } catch (error) {
      const problem = problemOf(error);
      if (!problem) throw error;
      reply.log.warn({ problem, reason: reasonOf(error) }, "sign-in with the identity provider failed");
      const query = new URLSearchParams({ problem, ...(redirect !== firstPage && { redirect }) });
      return reply.redirect(`/sign-in?${query}`, 303);
    }
  }
}

function problemOf(error: unknown): SignInProblem | "busy" | null {
  if (error instanceof SignInError) return error.problem;
  return error instanceof RequestError && error.code === "RATE_LIMITED" ? "busy" : null;
}

/** Messages only: the errors of the library also contain responses, and these may contain tokens. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  if (!(error instanceof SignInError)) return String(error);
  return cause instanceof Error ? messagesOf(cause) : String(cause ?? error.problem);
}

const messagesOf = ({ message, cause }: Error): string =>
  cause instanceof Error ? `${message}: ${messagesOf(cause)}` : message;

const encode = (attempt: KeptAttempt): string => Buffer.from(JSON.stringify(attempt)).toString("base64url");

/** Null if there is none, or if it is malformed. */
function decode(cookie: string | undefined): KeptAttempt | null {
  try {
    const parsed = attemptFormat.safeParse(JSON.parse(Buffer.from(cookie ?? "", "base64url").toString()));
    return parsed.data ?? null;
  } catch {
    return null;
  }
}

/** A path on this site: `//elsewhere` is not. */
function isOwnPath(value: unknown): value is string {
  return typeof value === "string" && value.length <= 1_000 && /^\/(?![/\\])[\x21-\x7E]*$/.test(value);
}
