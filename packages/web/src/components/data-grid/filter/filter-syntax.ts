import type { FilterCondition, FilterGroup, FilterNode, Operator } from "./filter-model";

/*
 * The readable syntax of filters in URLs:
 *   status.anyOf(ACTIVE,DISABLED)
 *   and(name.contains(robot),or(createdAt.after(2026-01-01),neverUsed.is(true)))
 * Values other than letters, digits and a few marks are quoted as in JSON.
 */

export function formatFilter(filter: FilterGroup): string {
  const [only, ...others] = filter.items;
  // A single condition needs no group.
  return only?.kind === "condition" && others.length === 0 ? formatNode(only) : formatNode(filter);
}

function formatNode(node: FilterNode): string {
  if (node.kind === "group") return `${node.join}(${node.items.map(formatNode).join(",")})`;
  return `${node.field}.${node.operator}(${node.values.map(formatValue).join(",")})`;
}

function formatValue(value: string): string {
  return /^[\p{L}\p{N}_.:@-]+( [\p{L}\p{N}_.:@-]+)*$/u.test(value) ? value : JSON.stringify(value);
}

/** Null if the syntax is invalid. Does not check the fields. */
export function parseFilter(text: string): FilterGroup | null {
  if (text.length > 8000) return null;
  try {
    const reader = { text, at: 0 };
    const node = readNode(reader, 0);
    if (reader.at !== text.length) return null;
    return node.kind === "group" ? node : { kind: "group", join: "and", items: [node] };
  } catch {
    return null;
  }
}

interface Reader {
  text: string;
  at: number;
}

function readNode(reader: Reader, depth: number): FilterNode {
  const name = take(reader, /[A-Za-z]+/y);
  // Deeper than any grid allows. Keeps a hostile URL from exhausting the stack.
  if (depth > 20) throw new SyntaxError("too deep");
  if (reader.text[reader.at] === "(" && (name === "and" || name === "or")) {
    return { kind: "group", join: name, items: readList(reader, () => readNode(reader, depth + 1)) };
  }
  take(reader, /\./y);
  const operator = take(reader, /[A-Za-z]+/y) as Operator;
  const condition: FilterCondition = { kind: "condition", field: name, operator, values: [] };
  return { ...condition, values: readList(reader, () => readValue(reader)) };
}

function readList<Item>(reader: Reader, readItem: () => Item): Item[] {
  take(reader, /\(/y);
  const items = [readItem()];
  while (reader.text[reader.at] === ",") {
    take(reader, /,/y);
    items.push(readItem());
  }
  take(reader, /\)/y);
  return items;
}

function readValue(reader: Reader): string {
  if (reader.text[reader.at] !== '"') return take(reader, /[^(),"]+/y);
  return JSON.parse(take(reader, /"(?:[^"\\]|\\.)*"/y)) as string;
}

function take(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text);
  if (!match) throw new SyntaxError(`unexpected text at ${reader.at}`);
  reader.at = pattern.lastIndex;
  return match[0];
}
