/**
 * The URL’s query as plain text. The router would write JSON, which is harder to read and type than
 * `?sort=name,-createdAt&filter=status.is(ACTIVE)`.
 */
export type SearchParams = Record<string, string>;

export function parseSearchParams(text: string): SearchParams {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearchParams(params: Record<string, unknown>): string {
  const pairs = Object.entries(params)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => `${encode(name)}=${encode(String(value))}`);
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

/** Escapes only what RFC 3986 requires, so that the URL stays readable. */
function encode(text: string): string {
  // A lone surrogate can’t be encoded, so replace it.
  return encodeURIComponent(text.replace(/\p{Cs}/gu, "\uFFFD"))
    .replaceAll("%20", "+")
    .replace(/%(2C|3A|2F|40|7C)/g, decodeURIComponent);
}
