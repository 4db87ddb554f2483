import type { IncomingMessage, ServerResponse } from "node:http";
import { type Credential, credentialOf, decide, parseCredential, type TokenSnapshot } from "@hallpass/shared/check";
import type { AppContext } from "../../context/app-context.js";
import { badInput } from "../../core/errors.js";
import { type EarlyRoute, observed, pathAndQuery, type RawAnswer, send } from "../../http/before-fastify.js";
import { formOf } from "../../http/form.js";
import { oauthErrorOf, uncached } from "../../http/oauth-error.js";
import { errorOf } from "./denial.js";
import { assertMayVerify } from "./may-verify.js";

const maxBodyBytes = 16 * 1024;
export const introspectPath = "/oauth2/introspect";
const isRoute = /^\/oauth2\/introspect\/?(?:\?|$)/;
const jsonHeaders = { ...uncached, "Content-Type": "application/json; charset=utf-8" };
const ok = (claims: object): RawAnswer => ({ status: 200, headers: jsonHeaders, body: JSON.stringify(claims) });
const inactive = ok({ active: false });

/**
 * Token introspection, RFC 7662. The caller is a token of an OPERATIONS account with the module 'Token verification',
 * sent as Bearer, or with its ID as client and its value as secret, by Basic or in the form. Errors follow RFC 6749,
 * section 5.2.
 */
export function createIntrospect(app: AppContext, idOf: (request: IncomingMessage) => string): EarlyRoute {
  return (request, response) => {
    if (request.method !== "POST" || !isRoute.test(pathAndQuery(request.url ?? ""))) return false;
    const requestId = idOf(request);
    const respond = (answer: RawAnswer) => send(response, answer, requestId);
    return observed(app, request, response, {
      endpoint: "introspect",
      route: introspectPath,
      requestId,
      answer: () => introspect(app, request, response).then(respond),
      answerError(error) {
        const { ours, ...answer } = oauthErrorOf(error);
        if (ours) app.report(ours, requestId);
        respond(answer);
      },
    });
  };
}

async function introspect(app: AppContext, request: IncomingMessage, response: ServerResponse): Promise<RawAnswer> {
  const form = await formOf(request, response, maxBodyBytes);
  await assertMayVerify(app, request, clientCredential(request, form));
  const presented = form.getAll("token");
  if (presented.length !== 1) throw badInput("Send exactly one 'token' parameter, form-encoded.");
  const credential = parseCredential(presented[0] ?? "");
  if (credential.kind !== "value") return inactive;
  // The token's user is behind the calling program, whose user agent would be meaningless. So would its IP address, unless
  // it is a trusted proxy that forwards its client's. A token with IP ranges is active only from those.
  const decision = await decide(app, credential, { ip: null, userAgent: null }, [], app.addresses.of(request));
  if (!decision.good && decision.bucket) throw errorOf(decision);
  return decision.good ? ok(claimsOf(decision.token)) : inactive;
}

/** RFC 6749, section 2.3: a client must not use more than one method. */
function clientCredential(request: IncomingMessage, form: URLSearchParams): Credential {
  const inHeader = credentialOf(request);
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

function claimsOf({ id, account, scope, moduleIds, createdAt, expiresAt }: TokenSnapshot) {
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
