import { type Credential, credentialOf, decide, parseCredential, type TokenSnapshot } from "@hallpass/shared/check";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AppContext } from "../../context/app-context.js";
import { badInput } from "../../core/errors.js";
import { answerOAuthErrors, onlyPost } from "../../http/oauth-error.js";
import { errorOf } from "./denial.js";
import { assertMayVerify } from "./may-verify.js";

const maxBodyBytes = 16 * 1024;
const path = "/oauth2/introspect";

/**
 * Token introspection, RFC 7662. The caller is a token of an OPERATIONS account with the module 'Token verification',
 * sent as Bearer, or with its ID as client and its value as secret, by Basic or in the form. Errors follow RFC 6749,
 * section 5.2.
 */
export function introspectRoutes(server: FastifyInstance, app: AppContext): void {
  server.register(async (scope) => {
    scope.setErrorHandler(answerOAuthErrors(app.report));
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: maxBodyBytes },
      (_request, body, done) => done(null, new URLSearchParams(body as string)),
    );
    scope.post(path, (request, reply) => introspect(app, request, reply));
    scope.get(path, onlyPost);
  });
}

async function introspect(app: AppContext, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = (request.body as URLSearchParams | undefined) ?? new URLSearchParams();
  await assertMayVerify(app, request, clientCredential(request, form));
  const presented = form.getAll("token");
  if (presented.length !== 1) throw badInput("Send exactly one 'token' parameter, form-encoded.");
  const credential = parseCredential(presented[0] ?? "");
  reply.headers({ "Cache-Control": "no-store", Pragma: "no-cache" });
  if (credential.kind !== "value") return reply.send({ active: false });
  // The token's user is behind the calling program, whose user agent would be meaningless. So would its IP address, unless
  // it is a trusted proxy that forwards its client's. A token with IP ranges is active only from those.
  const ip = app.addresses.of(request.raw);
  const decision = await decide(app, credential, { ip: null, userAgent: null }, [], ip);
  if (!decision.good && decision.bucket) throw errorOf(decision);
  return reply.send(decision.good ? activeAnswer(decision.token) : { active: false });
}

/** RFC 6749, section 2.3: a client must not use more than one method. */
function clientCredential(request: FastifyRequest, form: URLSearchParams): Credential {
  const inHeader = credentialOf(request.raw);
  const secrets = form.getAll("client_secret");
  if (secrets.length === 0)
    return inHeader.kind === "malformed"
      ? (basicCredential(request.headers.authorization ?? "") ?? inHeader)
      : inHeader;
  if (secrets.length > 1 || inHeader.kind !== "none") return { kind: "ambiguous" };
  return clientWithSecret(form.get("client_id"), secrets[0] ?? "");
}

/** A token, by its ID as client and its value as secret. */
function clientWithSecret(id: string | null, secret: string): Credential {
  const credential = parseCredential(secret);
  return credential.kind === "value" && credential.tokenId !== id ? { kind: "malformed" } : credential;
}

/** RFC 7617. OAuth clients form-encode user and password (RFC 6749, section 2.3.1), which changes neither here. */
function basicCredential(header: string): Credential | null {
  const encoded = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(header)?.[1];
  if (!encoded) return null;
  const [user, value = ""] = Buffer.from(encoded, "base64").toString().split(":", 2);
  return clientWithSecret(decodeURIComponentSafely(user ?? ""), decodeURIComponentSafely(value));
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function activeAnswer({ id, account, scope, moduleIds, createdAt, expiresAt }: TokenSnapshot) {
  return {
    active: true,
    sub: id,
    client_id: id,
    scope,
    modules: moduleIds,
    account: account.id,
    token_type: "Bearer",
    iat: Math.floor(createdAt / 1000),
    ...(expiresAt !== null && { exp: Math.floor(expiresAt / 1000) }),
  };
}
