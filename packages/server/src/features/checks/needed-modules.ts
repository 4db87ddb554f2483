import { isIdentifier, limits } from "@hallpass/shared";
import { LRUCache } from "lru-cache";

/** Everything below this path belongs to the check. Unknown forms return 404, and reach no other route. */
export const checkPath = "/authorize";

/**
 * Reads the modules a check requires from its request target. There are three exact forms:
 *
 *     /authorize  /authorize?module=MOD-1310&module=MOD-1320      any other parameter is an error
 *     /authorize/modules/MOD-1310,MOD-1320                        a suffix, /… or ?…, is ignored
 *     /authorize/any                                              a suffix, /… or ?…, is ignored
 *
 * The ignored part is the client's own, appended by its proxy. Nothing is decoded, trimmed or skipped, so that a
 * mistyped requirement is an error rather than no requirement: `?modules=`, `?Module=`, `?module=`, an empty query.
 *
 * Otherwise returns the status to respond with: 400 for any other query, 404 for any other path.
 */
export type ReadNeededModules = (target: string) => readonly string[] | 400 | 404;

const none: readonly string[] = [];
const anyPath = `${checkPath}/any`;
const modulesPath = `${checkPath}/modules/`;
/** More requirements than a platform's gateways have. Each is a few dozen bytes. */
const maxKnown = 500;

export function createNeededModules(): ReadNeededModules {
  const inQuery = createListReader("&", "module=");
  const inPath = createListReader(",", "");
  return (target) => {
    if (target.length === checkPath.length) return none;
    if (target.charCodeAt(checkPath.length) === questionMark) return inQuery(target.slice(checkPath.length + 1)) ?? 400;
    if (target.startsWith(anyPath) && isEnd(target, anyPath.length)) return none;
    if (!target.startsWith(modulesPath)) return 404;
    let end = modulesPath.length;
    while (!isEnd(target, end)) end++;
    return inPath(target.slice(modulesPath.length, end)) ?? 404;
  };
}

/** Reads IDs between these separators, each after the prefix. Null if one of them is invalid. */
function createListReader(separator: string, prefix: string): (text: string) => readonly string[] | null {
  // One cache per form, as a list that is valid in one is invalid in the other.
  const known = new LRUCache<string, readonly string[]>({ max: maxKnown });
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    // No token has more modules, and comparing such a long list would be too expensive.
    const parts = text.split(separator, limits.modulesPerToken + 1);
    if (parts.length > limits.modulesPerToken) return null;
    const modules: string[] = [];
    for (const part of parts) {
      const id = part.slice(prefix.length);
      if (!part.startsWith(prefix) || !isIdentifier("module", id)) return null;
      modules.push(id);
    }
    known.set(text, modules);
    return modules;
  };
}

const questionMark = 63;
const slash = 47;

/** Whether a form's own part ends here and the client's begins. */
function isEnd(target: string, at: number): boolean {
  if (at >= target.length) return true;
  const code = target.charCodeAt(at);
  return code === slash || code === questionMark;
}
