/** `TKN-1234-5678`: a prefix and groups of four digits. Further groups are accepted, but not generated. */
export type IdentifierKind = "token" | "account" | "user" | "module";

const shapes = {
  token: { prefix: "TKN", groups: 2 },
  account: { prefix: "ACC", groups: 2 },
  user: { prefix: "USR", groups: 2 },
  module: { prefix: "MOD", groups: 1 },
} as const;

/** Maximum length of a stored ID, in characters. */
export const identifierMaxLength = 24;

const digitsPerGroup = 4;
const identifierPattern = /^(TKN|ACC|USR|MOD)((?:-[0-9]{4}){1,5})$/;

/** Number of random digits of a new ID of this kind. */
export function identifierDigits(kind: IdentifierKind): number {
  return shapes[kind].groups * digitsPerGroup;
}

/** `formatIdentifier("token", "12345678")` is `TKN-1234-5678`. */
export function formatIdentifier(kind: IdentifierKind, digits: string): string {
  let id: string = shapes[kind].prefix;
  for (let start = 0; start < digits.length; start += digitsPerGroup)
    id += `-${digits.slice(start, start + digitsPerGroup)}`;
  return id;
}

/** The kind and the digits of an ID. Null if it is malformed. */
export function parseIdentifier(id: string): { kind: IdentifierKind; digits: string } | null {
  const match = identifierPattern.exec(id);
  if (!match) return null;
  const [, prefix, rest = ""] = match;
  const kind = (Object.keys(shapes) as IdentifierKind[]).find((each) => shapes[each].prefix === prefix);
  const digits = rest.replaceAll("-", "");
  if (!kind || digits.length < identifierDigits(kind)) return null;
  return { kind, digits };
}

export function isIdentifier(kind: IdentifierKind, id: string): boolean {
  return parseIdentifier(id)?.kind === kind;
}
