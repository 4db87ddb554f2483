import type { SearchParams } from "../../lib/search-params";

/** A list’s filter, sort order and columns under a name, as parameters of its URL. */
export interface View {
  name: string;
  params: SearchParams;
}

export function hasSameParams(a: SearchParams, b: SearchParams): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
