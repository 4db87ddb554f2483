import CRC32 from "crc-32";
import { formatIdentifier, parseIdentifier } from "./identifiers.js";

/** Alphabet of secrets and checksums. A character's index is the value of its digit. */
export const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Length of a secret in characters: 32 of 62 kinds are 190 bits. */
export const secretLength = 32;

const checksumLength = 6;

/** The format of a value, for secret scanners. The checksum distinguishes a value from a look-alike. */
export const tokenValuePattern = /^hp_([0-9]{8}(?:[0-9]{4}){0,3})_[0-9A-Za-z]{38}$/;

/** CRC-32 (IEEE), unsigned, in base62, padded to six characters. */
export function checksumOf(text: string): string {
  let rest = CRC32.str(text) >>> 0;
  let digits = "";
  for (let place = 0; place < checksumLength; place++) {
    digits = base62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** Whether the text, in ASCII, ends with the checksum of the rest. */
function hasChecksum(text: string): boolean {
  const start = text.length - checksumLength;
  let rest = CRC32.bstr(text.slice(0, start)) >>> 0;
  for (let place = text.length - 1; place >= start; place--) {
    if (base62.charCodeAt(rest % 62) !== text.charCodeAt(place)) return false;
    rest = Math.floor(rest / 62);
  }
  return true;
}

/** The value to present: `hp_12345678_<secret><checksum>`. */
export function formatTokenValue(tokenId: string, secret: string): string {
  const body = `hp_${parseIdentifier(tokenId)?.digits}_${secret}`;
  return body + checksumOf(body);
}

/** The ID of the token a value names. Null if its shape or checksum is wrong. Does not check the secret. */
export function parseTokenValue(value: string): { tokenId: string } | null {
  const match = tokenValuePattern.exec(value);
  if (!match?.[1]) return null;
  if (!hasChecksum(value)) return null;
  return { tokenId: formatIdentifier("token", match[1]) };
}
