import { hallpassModules } from "@hallpass/shared";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AppContext } from "../../context/app-context.js";
import type { TokenSnapshot } from "../../context/services.js";
import { ambiguousCredentials, badInput, invalidClient, RequestError } from "../../core/errors.js";
import { userAgentOf } from "../../http/client-address.js";
import { type Credential, credentialOf, parseCredential } from "./credential.js";
import { decide } from "./decide.js";

const maxBodyBytes = 16 * 1024;

/**
 * Token introspection, RFC 7662. The caller is a token of an OPERATIONS account with the module 'Token verification',
 * sent as Bearer, or as Basic with the token's ID as user and its value as password.
 */
export function introspectRoutes(server: FastifyInstance, app: AppContext): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: maxBodyBytes },
      (_request, body, done) => done(null, new URLSearchParams(body as string)),
    );
    scope.post("/oauth2/introspect", (request, reply) => introspect(app, request, reply));
  });
}

async function introspect(app: AppContext, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.headers({ "Cache-Control": "no-store", Pragma: "no-cache" });
  await assertMayIntrospect(app, request);
  const form = request.body as URLSearchParams | undefined;
  const presented = form?.getAll("token") ?? [];
  if (presented.length !== 1) throw badInput("Send exactly one 'token' parameter, form-encoded.");
  const credential = parseCredential(presented[0] ?? "");
  if (credential.kind !== "value") return reply.send({ active: false });
  // The token's user is behind the calling program, so the program's IP address and user agent would be meaningless.
  const decision = await decide(app, credential, { ip: null, userAgent: null });
  return reply.send(decision.good ? activeAnswer(decision.token) : { active: false });
}

async function assertMayIntrospect(app: AppContext, request: FastifyRequest): Promise<void> {
  const credential = clientCredential(request);
  if (credential.kind === "ambiguous") throw ambiguousCredentials();
  if (credential.kind !== "value") throw invalidClient();
  const origin = { ip: app.addresses.of(request.raw), userAgent: userAgentOf(request) };
  const caller = await decide(app, credential, origin, [hallpassModules.tokenVerification]);
  if (caller.good && caller.token.account.type === "OPERATIONS") return;
  if (!caller.good && caller.reason !== "insufficient_scope") throw invalidClient();
  throw new RequestError(
    "FORBIDDEN",
    `Introspection requires a token of an OPERATIONS account with module ${hallpassModules.tokenVerification}.`,
  );
}

function clientCredential(request: FastifyRequest): Credential {
  const bearer = credentialOf(request.raw);
  return bearer.kind === "malformed" ? (basicCredential(request.headers.authorization ?? "") ?? bearer) : bearer;
}

/** RFC 7617. OAuth clients form-encode user and password (RFC 6749, section 2.3.1), which changes neither here. */
function basicCredential(header: string): Credential | null {
  const encoded = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(header)?.[1];
  if (!encoded) return null;
  const [user, value = ""] = Buffer.from(encoded, "base64").toString().split(":", 2);
  const credential = parseCredential(decodeURIComponentSafely(value));
  return credential.kind === "value" && credential.tokenId === decodeURIComponentSafely(user ?? "") ? credential : null;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function activeAnswer({ id, account, scope, createdAt, expiresAt }: TokenSnapshot) {
  return {
    active: true,
    sub: id,
    client_id: id,
    scope,
    account: account.id,
    token_type: "Bearer",
    iat: Math.floor(createdAt / 1000),
    ...(expiresAt !== null && { exp: Math.floor(expiresAt / 1000) }),
  };
}
