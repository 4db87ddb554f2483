import type { IncomingMessage, ServerResponse } from "node:http";
import { hasOneAuthorization, Undecided } from "@hallpass/shared/check";
import { assertModules, type TokenIdentity, type Verdict, type Verifier } from "./verifier.js";

/** A request that a guard has let through. */
export interface RequestWithToken {
  /** Set by the guard. */
  hallpass?: TokenIdentity;
}

/** What Express and Fastify requests have in common. */
type AnyRequest = RequestWithToken & {
  ip?: string | undefined;
  /** Node's request. Fastify has it in `raw`, Express is one. */
  raw?: IncomingMessage;
  headers: IncomingMessage["headers"];
};

interface FastifyLikeReply {
  code(status: number): FastifyLikeReply;
  headers(values: Record<string, string>): FastifyLikeReply;
  header(name: string, value: string): unknown;
  send(body: unknown): unknown;
}

export interface TokenGuard {
  /** For Express: `app.use("/orders", guard.express)`. */
  express(request: AnyRequest & IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void;
  /** For Fastify: `app.addHook("onRequest", guard.fastify)`, or the `onRequest` of a route. */
  fastify(request: AnyRequest, reply: FastifyLikeReply): Promise<unknown>;
}

/**
 * Middleware that allows requests whose token has all of the modules, and puts the token in `request.hallpass`. Other
 * requests get 400, 401, 403 or 429, or 503 if Hallpass cannot be reached, with a problem document (RFC 9457). The client's
 * IP address is the framework's `request.ip`, so configure which proxies it trusts. Throws a TypeError if a module is
 * mistyped.
 */
export function requireToken(verifier: Verifier, modules: readonly string[] = []): TokenGuard {
  assertModules(modules);
  async function verdictOn(request: AnyRequest): Promise<Verdict> {
    const raw = request.raw ?? (request as unknown as IncomingMessage);
    // Node keeps the first of several headers. Another program may have checked the second.
    const { authorization } = request.headers;
    if (authorization !== undefined && !hasOneAuthorization(raw)) return ambiguous;
    const userAgent = request.headers["user-agent"] ?? null;
    return verifier.verify(authorization, { modules, ip: request.ip ?? null, userAgent });
  }

  /** Null if the request may pass. */
  async function answerTo(request: AnyRequest): Promise<Answer | null> {
    const verdict = await verdictOn(request).catch((error) => {
      if (error instanceof Undecided) return null;
      throw error;
    });
    if (!verdict) return answer(503, { "Retry-After": "1" });
    if (!verdict.allowed) return answer(verdict.status, verdict.headers);
    request.hallpass = verdict.token;
    return null;
  }

  return {
    express(request, response, next) {
      answerTo(request)
        .then((denial) => {
          // Something else may have answered meanwhile, such as a time limit.
          if (response.headersSent) return;
          if (!denial) return next();
          response.writeHead(denial.status, denial.headers).end(denial.body);
        })
        .catch(next);
    },
    async fastify(request, reply) {
      const denial = await answerTo(request);
      return denial ? reply.code(denial.status).headers(denial.headers).send(denial.body) : undefined;
    },
  };
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const ambiguous: Verdict = {
  allowed: false,
  status: 400,
  reason: "ambiguous",
  headers: { "WWW-Authenticate": 'Bearer realm="hallpass", error="invalid_request"' },
};

const titles = {
  400: ["Bad Request", "Send exactly one API token, in the Authorization header."],
  401: ["Unauthorized", "Send a valid API token."],
  403: ["Forbidden", "The API token does not allow this."],
  429: ["Too Many Requests", "The API token has reached its rate limit."],
  503: ["Service Unavailable", "The API token cannot be checked right now. Try again shortly."],
} as const;

function answer(status: keyof typeof titles, headers: Record<string, string>): Answer {
  const [title, detail] = titles[status];
  const body = JSON.stringify({ type: "about:blank", title, status, detail });
  return {
    status,
    headers: { ...headers, "Content-Type": "application/problem+json", "Cache-Control": "no-store" },
    body,
  };
}
