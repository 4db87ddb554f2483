import { randomInt } from "node:crypto";
import { formatIdentifier, type IdentifierKind, identifierDigits } from "@hallpass/shared";

/** A random identifier of the fewest groups. That it is free is the database's to say. */
export function newIdentifier(kind: IdentifierKind): string {
  const digits = Array.from({ length: identifierDigits(kind) }, () => randomInt(10));
  return formatIdentifier(kind, digits.join(""));
}
