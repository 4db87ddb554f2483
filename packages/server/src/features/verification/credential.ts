import { parseTokenValue } from "@hallpass/shared";

/** What a request presents in `Authorization`. */
export type Credential =
  | { kind: "none" }
  /** Another scheme than Bearer, or a value whose shape or checksum is wrong. No token can be meant by it. */
  | { kind: "malformed" }
  | { kind: "value"; tokenId: string; value: string };

// RFC 7235: the scheme in any case, then one space or more. RFC 6750: b64token, of which a value is a part.
const bearer = /^bearer +(\S+) *$/i;

/** No I/O: most junk is refused before it costs anything. */
export function parseAuthorization(header: string | undefined): Credential {
  if (header === undefined) return { kind: "none" };
  const value = bearer.exec(header)?.[1];
  const parsed = value === undefined ? null : parseTokenValue(value);
  return value !== undefined && parsed ? { kind: "value", tokenId: parsed.tokenId, value } : { kind: "malformed" };
}
