import { formatIdentifier, parseIdentifier } from "./identifiers.js";

// Apart from token-value.ts, because the web app's first load has no use for checksums.

/**
 * What to search for when a text contains a value, or the visible part of one: the token's ID instead, so that no secret
 * reaches a URL or a log. `hp_12345678_…`, and `hp_12345678` alone, become `TKN-1234-5678`.
 */
export function searchTermOf(text: string): string {
  const toId = (_: string, digits: string) => formatIdentifier("token", digits);
  return text.replace(/hp_([0-9]{8,20})_\S*/g, toId).replace(/^\s*hp_([0-9]{1,20})\s*$/, toId);
}

/** `hp_12345678_••••••••`: safe to show anywhere. */
export function maskTokenValue(tokenId: string): string {
  return `hp_${parseIdentifier(tokenId)?.digits}_••••••••`;
}
