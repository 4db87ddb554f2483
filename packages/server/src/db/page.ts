import { limits } from "@hallpass/shared";
import type { ObjectLiteral, SelectQueryBuilder } from "typeorm";
import { z } from "zod";
import { badInput } from "../core/errors.js";
import { longRead } from "./long-reads.js";
import {
  countUpTo,
  firstPlaces,
  lastOf,
  opposite,
  ordered,
  type PageKey,
  type Place,
  placesOf,
  type Rows,
  sortedRows,
  type Value,
} from "./page-order.js";
import { readPrepared, readRows, type Shape } from "./rows.js";

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
  /** The number of rows in all pages, or the limit if there are more. Counts no more than it has to. */
  count(limit?: number): Promise<number>;
}

interface PageOptions<Row extends ObjectLiteral> extends Known {
  /** No index has the query's rows in this order, so reading them can take long. */
  isLong: boolean;
  /** A query with the same number of rows, to count them. */
  counted?: () => SelectQueryBuilder<Row>;
  /** Names the rows' query without its order and limit, if it is sent often. */
  shape?: Shape | null;
  /** The caller wants only the number of rows, so none are read. */
  onlyCounted?: boolean;
}

/** What is known of the number of rows. */
interface Known {
  total?: number | null;
  /** More than `limits.countedRows`. */
  isMany?: boolean;
}

/** From this offset on, it is cheaper to count first and walk from the nearer end. */
export const farOffset = 1_000;

/**
 * A page of the rows in the order of the keys. Both databases order NULL first. Throws BAD_USER_INPUT if an argument
 * is invalid.
 */
export async function loadPage<Row extends ObjectLiteral>(
  rows: Rows<Row>,
  keys: PageKey<Row>[],
  args: PageArgs,
  { isLong, counted = () => rows.inOrder(keys).query, shape = null, onlyCounted = false, ...known }: PageOptions<Row>,
): Promise<Page<Row>> {
  const { size, backward } = checkedArgs(args);
  const boundary = boundaryOf(args, keys);
  const total = new RowCount(counted, shape, known);
  const count = (limit?: number) => total.upTo(limit);
  if (onlyCounted) return { edges: [], pageInfo: noPage, count };
  const window = await windowOf(args.offset ?? 0, size, total);

  const reversed = backward || window.fromEnd;
  const inReading = reversed ? opposite(keys) : keys;
  const list = { rows, keys: inReading, isLong, shape, total };
  const { found, more } = known.total === 0 ? nothing : await readWindow(list, { ...window, boundary });
  if (reversed) found.reverse();
  const edges = found.map(({ node, values }) => new Edge(node, keys, values));
  // Skipped rows are beyond the near side of the page. Rows after the last one read are beyond its far side.
  const nearSide = boundary !== null || window.skip > 0;
  // The last page also tells how long the list is.
  const isLast = !more && !boundary && !window.fromEnd && (found.length > 0 || window.skip === 0);
  if (isLast) total.is(window.skip + found.length);
  return {
    edges,
    pageInfo: {
      hasNextPage: reversed ? nearSide : more,
      hasPreviousPage: reversed ? more : nearSide,
      // Few requests read them.
      get startCursor() {
        return edges.at(0)?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? null;
      },
    },
    count,
  };
}

function boundaryOf<Row extends ObjectLiteral>({ after, before }: PageArgs, keys: PageKey<Row>[]): Value[] | null {
  const cursor = after ?? before;
  return cursor ? decodeCursor(cursor, keys) : null;
}

/** Placeholder for a list that is only counted. It is never returned to a client. */
const noPage = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
const nothing = { found: [], more: false };

class Edge<Row extends ObjectLiteral> {
  constructor(
    readonly node: Row,
    private readonly keys: PageKey<Row>[],
    private readonly values: Value[] | undefined,
  ) {}

  get cursor(): string {
    return encodeCursor(this.keys, this.values ?? this.keys.map((key) => key.read(this.node)));
  }
}

interface List<Row extends ObjectLiteral> {
  rows: Rows<Row>;
  shape: Shape | null;
  /** In reading direction. */
  keys: PageKey<Row>[];
  isLong: boolean;
  total: RowCount;
}

interface Found<Row> {
  node: Row;
  /** Of the keys when the row was found, if that was before it was read. */
  values?: Value[];
}

interface Window {
  skip: number;
  take: number;
  boundary: Value[] | null;
}

/** The window's rows in reading direction, and whether there are more. */
async function readWindow<Row extends ObjectLiteral>(
  list: List<Row>,
  window: Window,
): Promise<{ found: Found<Row>[]; more: boolean }> {
  const { rows, keys, isLong, shape } = list;
  const { skip, take, boundary } = window;
  if (!isLong && skip === 0 && !boundary) {
    const build = () => {
      const { query, keys: own } = rows.inOrder(keys);
      return ordered(query, own, null).limit(take + 1);
    };
    const named = shape && { ...shape, name: `${shape.name}: ${take + 1} by ${signatureOf(keys)}` };
    const found = await (named ? readPrepared(named, build) : readRows(build()));
    return { found: found.slice(0, take).map((node) => ({ node })), more: found.length > take };
  }
  const places = await findPlaces(list, window);
  return { found: await loadRows(rows, keys, places.slice(0, take)), more: places.length > take };
}

/** IDs first: skipped and sorted rows are then no wider than an index, and MariaDB uses one to find the boundary. */
async function findPlaces<Row extends ObjectLiteral>(
  { rows, keys, isLong, total }: List<Row>,
  { skip, take, boundary }: Window,
): Promise<Place[]> {
  const count = skip + take + 1;
  const isByLevel = keys.length > 2 && count <= sortedRows;
  if (isByLevel && (await total.upTo(sortedRows + 1)) > sortedRows)
    return (await firstPlaces(rows, keys, boundary, count)).slice(skip);
  const { query, keys: own } = rows.inOrder(keys);
  const list = ordered(query, own, boundary)
    .offset(skip)
    .limit(take + 1);
  if (isLong || skip >= farOffset) list.comment(longRead);
  return placesOf(list, own, keys);
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
async function windowOf(offset: number, size: number, count: RowCount) {
  const fromStart = { skip: offset, take: size, fromEnd: false };
  if (offset < farOffset) return fromStart;
  const isNear = offset <= limits.countedRows;
  const total = await count.upTo(isNear ? limits.countedRows + 1 : undefined);
  const isUncounted = isNear && total > limits.countedRows;
  if (isUncounted || offset >= total || total > 2 * offset) return fromStart;
  const end = Math.min(offset + size, total);
  return { skip: total - end, take: end - offset, fromEnd: true };
}

async function loadRows<Row extends ObjectLiteral>(
  rows: Rows<Row>,
  keys: PageKey<Row>[],
  places: Place[],
): Promise<Found<Row>[]> {
  if (places.length === 0) return [];
  const key = lastOf(keys);
  const read = await readRows(rows.withIds(places.map(({ id }) => id)));
  const nodes = new Map(read.map((node) => [key.read(node), node]));
  return places.flatMap(({ id, values }) => {
    const node = nodes.get(id);
    return node ? [{ node, values }] : [];
  });
}

/** The order a cursor was made for. With another order it would point anywhere. */
function signatureOf<Row extends ObjectLiteral>(keys: PageKey<Row>[]): string {
  return keys.map(({ name, direction }) => `${name} ${direction}`).join();
}

const cursorContent = z.tuple([z.string()], z.union([z.string().max(500), z.number(), z.null()]));

function encodeCursor<Row extends ObjectLiteral>(keys: PageKey<Row>[], values: Value[]): string {
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

/** Counts a query's rows, once to the end and once to a limit at most, however often it is asked. */
class RowCount {
  private readonly limit = limits.countedRows + 1;
  private readonly isMany: boolean;
  private limited: Promise<number> | undefined;
  private exact: Promise<number> | undefined;

  constructor(
    private readonly query: () => SelectQueryBuilder<ObjectLiteral>,
    private readonly shape: Shape | null,
    { total = null, isMany = false }: Known,
  ) {
    this.isMany = isMany;
    if (total !== null) this.is(total);
  }

  /** Tells the number of rows. */
  is(total: number): void {
    this.exact = Promise.resolve(total);
  }

  /** The number of rows, or the limit if there are more. */
  async upTo(limit = Number.POSITIVE_INFINITY): Promise<number> {
    if (this.exact === undefined && limit <= this.limit) {
      if (this.isMany) return limit;
      this.limited ??= countUpTo(this.query, this.limit, this.shape);
      return Math.min(await this.limited, limit);
    }
    this.exact ??= this.query().clone().comment(longRead).getCount();
    return Math.min(await this.exact, limit);
  }
}
