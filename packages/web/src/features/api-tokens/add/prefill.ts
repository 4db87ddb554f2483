import { parseIdentifier } from "@hallpass/shared";
import type { SearchParams } from "../../../lib/search-params";
import { draftOf, type EditableToken } from "../edit/editable-token";
import { defaultExpiry, type Expiry, noExpiry } from "../form/expiry";
import { emptyDraft, type TokenDraft } from "../form/token-draft";

/** Parameters of a link to the Add dialog. `copy` is the ID of a token to start from. */
const names = ["name", "description", "modules", "expires", "copy"] as const;

/** The draft in a link such as `?name=Order+sync&modules=MOD-1310&expires=90d`. Null without any of its parameters. */
export function draftFromLink(params: SearchParams): TokenDraft | null {
  if (!names.some((name) => name !== "copy" && params[name])) return null;
  return {
    ...emptyDraft,
    name: params.name ?? "",
    description: params.description ?? "",
    expiry: expiryFromLink(params.expires),
    moduleIds: [...new Set((params.modules ?? "").split(","))].filter((id) => parseIdentifier(id)?.kind === "module"),
  };
}

/** `30d`, `2027-01-31` or `never`. The default if it is none of these. */
function expiryFromLink(text = ""): Expiry {
  if (text === "never") return noExpiry;
  const days = Number(/^([1-9]\d{0,3})d$/.exec(text)?.[1]);
  if (days) return { kind: "days", days };
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? { kind: "date", date: text } : defaultExpiry;
}

/** A copy of the token to add, with the default expiry and no logo. */
export function draftFromToken(token: EditableToken): TokenDraft {
  return { ...draftOf(token), name: `Copy of ${token.name}`, icon: null, expiry: defaultExpiry };
}

/** The URL’s parameters without those of the dialog. */
export function withoutPrefill(params: SearchParams): SearchParams {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !(names as readonly string[]).includes(name)));
}
