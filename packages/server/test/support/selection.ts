import {
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
} from "graphql";
import { types } from "./field-table.js";

/** A selection of all the type's fields to this depth, in braces. Empty for a leaf. */
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

/** The field with its selection. Empty if it is too deep. */
export function fieldSelection({ name, type }: GraphQLField<unknown, unknown>, depth: number): string {
  if (isLeafType(getNamedType(type))) return name;
  return depth < 0 ? "" : `${name} ${selectionOf(type, depth)}`;
}
