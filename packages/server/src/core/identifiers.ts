import { randomInt } from "node:crypto";
import { formatIdentifier, type IdentifierKind, identifierDigits } from "@hallpass/shared";

/** A random ID with the fewest groups. The database ensures that it is unique. */
export function newIdentifier(kind: IdentifierKind): string {
  const digits = Array.from({ length: identifierDigits(kind) }, () => randomInt(10));
  return formatIdentifier(kind, digits.join(""));
}
