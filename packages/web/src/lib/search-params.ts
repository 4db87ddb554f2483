/**
 * The URL's query as flat text. The router's own way writes JSON, which nobody can read or type;
 * `?sort=name,-createdAt&filter=status.is(ACTIVE)` they can.
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

/** As little escaping as RFC 3986 allows in a query, so that the URL stays readable. */
function encode(text: string): string {
  // A lone surrogate cannot be encoded; the replacement character can.
  return encodeURIComponent(text.replace(/\p{Cs}/gu, "\uFFFD"))
    .replaceAll("%20", "+")
    .replace(/%(2C|3A|2F|40|7C)/g, decodeURIComponent);
}
