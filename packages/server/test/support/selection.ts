import {
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
} from "graphql";
import { types } from "./field-table.js";

/** All that can be asked of the type at once, so deep: in braces, and nothing of a leaf. */
export function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return "";
  if (!isObjectType(named) && !isAbstractType(named)) throw new Error(`${named} has no fields.`);
  const fields = "getFields" in named ? Object.values(named.getFields()) : [];
  const asked = fields
    .filter(({ name }) => !types[named.name]?.fields[name]?.alone)
    .map((field) => fieldSelection(field, depth - 1))
    .filter(Boolean);
  return `{ __typename ${asked.join(" ")} }`;
}

/** The field with all below it; nothing when it is deeper than that. */
export function fieldSelection({ name, type }: GraphQLField<unknown, unknown>, depth: number): string {
  if (isLeafType(getNamedType(type))) return name;
  return depth < 0 ? "" : `${name} ${selectionOf(type, depth)}`;
}
