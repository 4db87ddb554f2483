import { limits } from "@hallpass/shared";
import type { ObjectLiteral, SelectQueryBuilder } from "typeorm";
import { z } from "zod";
import { badInput } from "../core/errors.js";
import { longRead } from "./long-reads.js";

/** A key to order a list by. The last key must be unique. */
export interface PageKey<Row extends ObjectLiteral> {
  /** A property path of the query, e.g. `token.nameKey`. */
  property: string;
  direction: "ASC" | "DESC";
  type: "text" | "number" | "date";
  nullable?: boolean;
  read(row: Row): string | number | Date | null;
}

/** Relay's arguments, plus `offset` to jump to a page. */
export interface PageArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  offset?: number | null | undefined;
}

export interface Page<Row> {
  edges: { node: Row; cursor: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  /** Counts on the first call only. */
  count(): Promise<number>;
}

interface PageOptions<Row extends ObjectLiteral> {
  /** No index has the query's rows in this order, so reading them can take long. */
  isLong: boolean;
  /** A simpler query with as many rows. */
  counted?: SelectQueryBuilder<Row>;
}

type Value = string | number | Date | null;

/** From this offset on, it is cheaper to count first and walk from the nearer end. */
export const farOffset = 1_000;

/**
 * A page of the query's rows in the order of the keys. Both databases order NULL first. Throws BAD_USER_INPUT if an argument
 * is invalid.
 */
export async function loadPage<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  keys: PageKey<Row>[],
  args: PageArgs,
  { isLong, counted = query }: PageOptions<Row>,
): Promise<Page<Row>> {
  const { size, backward } = checkedArgs(args);
  const cursor = args.after ?? args.before;
  const boundary = cursor ? decodeCursor(cursor, keys) : null;
  const count = once(() => counted.clone().comment(longRead).getCount());
  const window = await windowOf(args.offset ?? 0, size, count);

  const reversed = backward || window.fromEnd;
  const { rows, more } = await readRows(query, keys, { ...window, reversed, backward, boundary }, isLong);
  const edges = rows.map((node) => new Edge(node, keys));
  // Skipped rows are beyond the near side of the page. Rows after the last one read are beyond its far side.
  const nearSide = boundary !== null || window.skip > 0;
  // A page that ends the list also determines its length.
  const isCounted = !more && !boundary && !window.fromEnd && (rows.length > 0 || window.skip === 0);
  return {
    edges,
    pageInfo: {
      hasNextPage: reversed ? nearSide : more,
      hasPreviousPage: reversed ? more : nearSide,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    count: isCounted ? async () => window.skip + rows.length : count,
  };
}

class Edge<Row extends ObjectLiteral> {
  constructor(
    readonly node: Row,
    private readonly keys: PageKey<Row>[],
  ) {}

  /** Few requests read it. */
  get cursor(): string {
    return encodeCursor(this.node, this.keys);
  }
}

interface Window {
  skip: number;
  take: number;
  reversed: boolean;
  backward: boolean;
  boundary: Value[] | null;
}

/** The window's rows in list order, and whether there are more rows in reading direction. */
async function readRows<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  keys: PageKey<Row>[],
  window: Window,
  isLong: boolean,
): Promise<{ rows: Row[]; more: boolean }> {
  const { skip, take, reversed, backward, boundary } = window;
  const ordered = query.clone();
  for (const { property, direction } of keys) ordered.addOrderBy(property, reversed ? opposite(direction) : direction);
  if (boundary) addBoundary(ordered, keys, boundary, backward);
  ordered.offset(skip).limit(take + 1);

  const inReadingOrder = <T>(found: T[]) => {
    const wanted = found.slice(0, take);
    return reversed ? wanted.reverse() : wanted;
  };
  if (!isLong && skip === 0 && !boundary) {
    const found = await ordered.getMany();
    return { rows: inReadingOrder(found), more: found.length > take };
  }
  // IDs first: skipped and sorted rows are then no wider than an index, and MariaDB uses one to find the boundary.
  if (isLong || skip >= farOffset) ordered.comment(longRead);
  const found = await ordered.select(lastOf(keys).property, "id").getRawMany<{ id: string | number }>();
  const ids = inReadingOrder(found).map(({ id }) => id);
  return { rows: await loadRows(query, keys, ids), more: found.length > take };
}

/**
 * Maximum number of rows on the page, for both the cost and the read. Throws BAD_USER_INPUT if an argument is invalid.
 */
export function pageSizeOf({ first, last }: PageArgs): number {
  if (first != null && last != null) throw badInput("Use either 'first' or 'last', not both.");
  const [name, size] = last != null ? ["last", last] : ["first", first ?? limits.defaultPageSize];
  if (size < 1 || size > limits.pageSize) throw badInput(`'${name}' must be from 1 to ${limits.pageSize}.`);
  return size;
}

function checkedArgs(args: PageArgs): { size: number; backward: boolean } {
  const { after, last, before, offset } = args;
  const size = pageSizeOf(args);
  if (after != null && last != null) throw badInput("Use 'after' with 'first', and 'before' with 'last'.");
  if (before != null && last == null) throw badInput("Use 'before' with 'last', and 'after' with 'first'.");
  if (offset != null && (after != null || before != null || last != null))
    throw badInput("'offset' can be combined only with 'first'.");
  if (offset != null && offset < 0) throw badInput("'offset' must not be negative.");
  return { size, backward: last != null };
}

/** Which rows to read. Rows nearer to the end are read from the end. */
async function windowOf(offset: number, size: number, count: () => Promise<number>) {
  if (offset < farOffset) return { skip: offset, take: size, fromEnd: false };
  const total = await count();
  if (offset >= total) return { skip: offset, take: size, fromEnd: false };
  if (offset < total / 2) return { skip: offset, take: size, fromEnd: false };
  const end = Math.min(offset + size, total);
  return { skip: total - end, take: end - offset, fromEnd: true };
}

async function loadRows<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  keys: PageKey<Row>[],
  ids: (string | number)[],
): Promise<Row[]> {
  if (ids.length === 0) return [];
  const key = lastOf(keys);
  const rows = await query.clone().andWhere(`${key.property} IN (:...pageIds)`, { pageIds: ids }).getMany();
  const byId = new Map(rows.map((row) => [key.read(row), row]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
}

/** The rows after (or before) the boundary: `a > x OR (a = x AND b > y)`, level by level. */
function addBoundary<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  keys: PageKey<Row>[],
  boundary: Value[],
  backward: boolean,
): void {
  const beyond = (level: number): string => {
    const key = keys[level];
    if (!key) return "1 = 0";
    const value = boundary[level] ?? null;
    const name = `boundary${level}`;
    query.setParameter(name, value);
    const ascending = (key.direction === "ASC") !== backward;
    const same = value === null ? `${key.property} IS NULL` : `${key.property} = :${name}`;
    const further = value === null ? nullBoundary(key.property, ascending) : valueBoundary(key, name, ascending);
    return `(${further} OR (${same} AND ${beyond(level + 1)}))`;
  };
  query.andWhere(beyond(0));

  // Repeats the first level as a separate condition. Without it, SQLite walks its index from the first row to the
  // boundary.
  const [key] = keys;
  const ascending = (key?.direction === "ASC") !== backward;
  if (key && boundary[0] !== null && (ascending || !key.nullable))
    query.andWhere(`${key.property} ${ascending ? ">=" : "<="} :boundary0`);
}

// Both databases order NULL first.
const nullBoundary = (property: string, ascending: boolean) => (ascending ? `${property} IS NOT NULL` : "1 = 0");
const valueBoundary = (
  { property, nullable }: { property: string; nullable?: boolean },
  name: string,
  ascending: boolean,
) => {
  if (ascending) return `${property} > :${name}`;
  return nullable ? `(${property} < :${name} OR ${property} IS NULL)` : `${property} < :${name}`;
};

const opposite = (direction: "ASC" | "DESC") => (direction === "ASC" ? "DESC" : "ASC");

function lastOf<Row extends ObjectLiteral>(keys: PageKey<Row>[]): PageKey<Row> {
  const key = keys.at(-1);
  if (!key) throw new Error("A page needs a key.");
  return key;
}

/** The order a cursor was made for. With another order it would point anywhere. */
function signatureOf<Row extends ObjectLiteral>(keys: PageKey<Row>[]): string {
  return keys.map(({ property, direction }) => `${property} ${direction}`).join();
}

const cursorContent = z.tuple([z.string()], z.union([z.string().max(500), z.number(), z.null()]));

function encodeCursor<Row extends ObjectLiteral>(row: Row, keys: PageKey<Row>[]): string {
  const values = keys.map((key) => key.read(row));
  return Buffer.from(JSON.stringify([signatureOf(keys), ...values])).toString("base64url");
}

function decodeCursor<Row extends ObjectLiteral>(cursor: string, keys: PageKey<Row>[]): Value[] {
  try {
    const [signature, ...values] = cursorContent.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    if (signature === signatureOf(keys) && values.length === keys.length)
      return keys.map((key, level) => decodeValue(values[level] ?? null, key.type));
  } catch {}
  throw badInput("The cursor does not match this list and order.");
}

function decodeValue(value: string | number | null, type: PageKey<never>["type"]): Value {
  if (value === null) return null;
  if (type === "date") {
    const date = new Date(z.iso.datetime().parse(value));
    return date;
  }
  return type === "number" ? z.number().parse(value) : z.string().parse(value);
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
