import type { IncomingMessage } from "node:http";
import { parseTokenValue } from "../token-value.js";

/** The credential a request presents. */
export type Credential =
  | { kind: "none" }
  /** A scheme other than Bearer, or a value with an invalid shape or checksum. It matches no token. */
  | { kind: "malformed" }
  /** More than one, or one in the query string, where logs would keep it (RFC 6750, section 2). */
  | { kind: "ambiguous" }
  | { kind: "value"; tokenId: string; value: string };

const none: Credential = { kind: "none" };
const malformed: Exclude<Credential, { kind: "none" }> = { kind: "malformed" };
const ambiguous: Credential = { kind: "ambiguous" };

// RFC 7235: a case-insensitive scheme, then one space or more. RFC 6750: b64token, of which a value is a subset.
const bearer = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;
const inQuery = /[?&]access_token=/i;

/** No I/O, so that most invalid input is rejected before it costs anything. */
export function credentialOf(request: IncomingMessage): Credential {
  return inQuery.test(request.url ?? "") ? ambiguous : credentialInHeader(request);
}

/** The same, without the query string where that is not the caller's own. */
export function credentialInHeader(request: IncomingMessage): Credential {
  const { authorization } = request.headers;
  if (authorization === undefined) return none;
  return hasOneAuthorization(request) ? parseAuthorization(authorization) : ambiguous;
}

/** Node keeps the first of several Authorization headers and drops the others. */
export function hasOneAuthorization({ rawHeaders }: IncomingMessage): boolean {
  return countAuthorization(rawHeaders) === 1;
}

/** Parses an Authorization header. */
export function parseAuthorization(header: string): Exclude<Credential, { kind: "none" }> {
  const value = bearer.exec(header)?.[1];
  return value === undefined ? malformed : parseCredential(value);
}

/** Parses a value without a scheme. */
export function parseCredential(value: string): Exclude<Credential, { kind: "none" }> {
  const parsed = parseTokenValue(value);
  return parsed ? { kind: "value", tokenId: parsed.tokenId, value } : malformed;
}

function countAuthorization(rawHeaders: string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === "authorization".length && rawHeaders[index]?.toLowerCase() === "authorization")
      count++;
  return count;
}
