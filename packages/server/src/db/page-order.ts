import type { ObjectLiteral, SelectQueryBuilder } from "typeorm";
import { longRead } from "./long-reads.js";
import { built, prepared, type Shape, toDate } from "./rows.js";

/** A key to order a list by. The last key must be unique. */
export interface PageKey<Row extends ObjectLiteral> {
  /** Identifies the key in cursors, however the list is read. */
  name: string;
  /** A property path of the query, e.g. `token.nameKey`. */
  property: string;
  direction: "ASC" | "DESC";
  type: "text" | "number" | "date";
  nullable?: boolean;
  read(row: Row): string | number | Date | null;
}

export type Value = string | number | Date | null;
export type Id = string | number;

/** A row that was found, and its values of the list's keys then. */
export interface Place {
  id: Id;
  values: Value[];
}

/** With more rows than this, reading in the order of an index is faster than sorting. */
export const sortedRows = 10_000;

/** The keys for reading a list from its end. */
export const opposite = <Row extends ObjectLiteral>(keys: PageKey<Row>[]): PageKey<Row>[] =>
  keys.map((key) => ({ ...key, direction: key.direction === "ASC" ? "DESC" : "ASC" }));

export function lastOf<Row extends ObjectLiteral>(keys: PageKey<Row>[]): PageKey<Row> {
  const key = keys.at(-1);
  if (!key) throw new Error("A page needs a key.");
  return key;
}

/** The query's rows after the boundary, in the order of the keys. */
export function ordered<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  keys: PageKey<Row>[],
  boundary: Value[] | null,
  columnOf = (property: string) => property,
): SelectQueryBuilder<Row> {
  const rows = query.clone();
  for (const { property, direction } of keys) rows.addOrderBy(columnOf(property), direction);
  if (boundary) addBoundary(rows, keys, boundary);
  return rows;
}

/** How to read a list. Each call returns a new query. */
export interface Rows<Row extends ObjectLiteral> {
  /**
   * The list's rows, to be read in the order of these keys: a query that starts from the table with an index of the first
   * key, and the same keys, which may name that table's columns.
   */
  inOrder(keys: PageKey<Row>[]): { query: SelectQueryBuilder<Row>; keys: PageKey<Row>[] };
  /**
   * The rows with these values of the last key, as far as the caller may see them. Looked up by nothing else: the list's
   * filter is not repeated, so a row that has changed since is returned as it is now.
   */
  withIds(ids: Id[]): SelectQueryBuilder<Row>;
}

/** For rows that must not be looked for in an index: the databases use none for what is not a bare column. */
const unindexed = (property: string) => `COALESCE(${property}, ${property})`;

/**
 * Places of the first rows after the boundary, for orders of several levels, which no index has. Reads each level in its
 * index instead of sorting all rows: the next level decides only among those with the value of the last wanted row, and
 * those before it are few.
 */
export async function firstPlaces<Row extends ObjectLiteral>(
  rows: Rows<Row>,
  keys: PageKey<Row>[],
  boundary: Value[] | null,
  count: number,
  { sortable = sortedRows, all = keys }: Levels<Row> = {},
): Promise<Place[]> {
  const [key, ...others] = keys;
  if (!key || others.length <= 1) {
    const { query, keys: own } = rows.inOrder(keys);
    return placesOf(ordered(query, own, boundary).limit(count).comment(longRead), own, all);
  }
  const levels = { sortable, all };
  const [value = null, ...inside] = boundary ?? [];
  const found = boundary ? await tiedPlaces({ rows, key, value }, others, inside, count, levels) : [];
  if (found.length >= count) return found;
  const rest = boundary ? restricted(rows, (query) => after(query, key, value)) : rows;
  const { last, before } = await valuesIn(rest, keys, count - found.length);
  if (before.length > 0)
    found.push(...(await placesOf(ordered(rows.withIds(before), keys, null, unindexed).comment(longRead), keys, all)));
  if (last === undefined) return found;
  const tie = { rows: rest, key, value: last };
  found.push(...(await tiedPlaces(tie, others, null, count - found.length, levels)));
  if (found.length >= count) return found;
  // Rows have changed or gone since their values were read. Those after them take their places.
  const later = restricted(rest, (query) => after(query, key, last));
  const more = await firstPlaces(later, keys, null, count - found.length, levels);
  const isFound = new Set(found.map(({ id }) => id));
  return [...found, ...more.filter(({ id }) => !isFound.has(id))];
}

interface Levels<Row extends ObjectLiteral> {
  /** Up to so many rows with equal values are sorted. */
  sortable?: number;
  /** The list's keys, of which those of this level on decide. */
  all?: PageKey<Row>[];
}

/**
 * Of the first rows in the order of the first key: the value of the last, and the IDs of those with another. Without a
 * last, there are fewer rows.
 */
async function valuesIn<Row extends ObjectLiteral>(
  rows: Rows<Row>,
  keys: PageKey<Row>[],
  count: number,
): Promise<{ last?: Value; before: Id[] }> {
  const { query, keys: own } = rows.inOrder(keys);
  const [{ property, direction }] = own as [PageKey<Row>];
  const first = query.select(property, "value").addSelect(lastOf(own).property, "id");
  const values = await first.orderBy(property, direction).limit(count).comment(longRead).getRawMany<RowValue>();
  if (values.length < count) return { before: values.map(({ id }) => id) };
  const last = values.at(-1)?.value ?? null;
  return {
    last,
    before: values.filter(({ value }) => JSON.stringify(value) !== JSON.stringify(last)).map(({ id }) => id),
  };
}

interface RowValue {
  value: Value;
  id: Id;
}

interface Tie<Row extends ObjectLiteral> {
  rows: Rows<Row>;
  key: PageKey<Row>;
  value: Value;
}

/** Of the rows with this value. */
async function tiedPlaces<Row extends ObjectLiteral>(
  { rows, key, value }: Tie<Row>,
  keys: PageKey<Row>[],
  boundary: Value[] | null,
  count: number,
  { sortable, all }: Required<Levels<Row>>,
): Promise<Place[]> {
  const tied = restricted(rows, (query) => is(query, key.property, value));
  const { query, keys: own } = tied.inOrder([key, ...keys]);
  if ((await countUpTo(() => query, sortable + 1)) <= sortable) {
    const others = own.slice(1);
    const sortedByOthers = ordered(query, others, boundary, unindexed).limit(count);
    return placesOf(sortedByOthers.comment(longRead), others, all);
  }
  const inIndexOfNext = restricted(rows, (query) => is(query, unindexed(key.property), value));
  return firstPlaces(inIndexOfNext, keys, boundary, count, { sortable, all });
}

/**
 * Places of the query's rows.
 * @param by The keys by which the query reads them, which name its columns.
 * @param keys The list's.
 */
export async function placesOf<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  by: PageKey<Row>[],
  keys: PageKey<Row>[],
): Promise<Place[]> {
  query.select(lastOf(by).property, "id");
  const others = keys.slice(0, -1);
  for (const [level, { property }] of others.entries()) query.addSelect(property, `value${level}`);
  const rows = await query.getRawMany<{ id: Id; [value: string]: Value }>();
  return rows.map(({ id, ...values }) => {
    const valueAt = ({ type }: PageKey<Row>, level: number) => {
      const value = values[`value${level}`] ?? null;
      return type === "date" ? toDate(value) : value;
    };
    return { id, values: [...others.map(valueAt), id] };
  });
}

/** The number of the query's rows, or the limit if there are more. */
export async function countUpTo(
  query: () => SelectQueryBuilder<ObjectLiteral>,
  limit: number,
  shape: Shape | null = null,
): Promise<number> {
  const build = () => query().clone().select("1", "one").limit(limit);
  const named = shape && { ...shape, name: `${shape.name}: ${limit} counted` };
  const { manager, sql, parameters } = named ? prepared(named, () => built(build())) : built(build());
  const [{ total }] = await manager.query(
    `/* ${longRead} */ SELECT COUNT(*) AS total FROM (${sql}) AS counted`,
    parameters,
  );
  return Number(total);
}

/** The rows after the boundary: `a > x OR (a = x AND b > y)`, level by level. */
function addBoundary<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  keys: PageKey<Row>[],
  boundary: Value[],
): void {
  const beyond = (level: number): string => {
    const key = keys[level];
    if (!key) return "1 = 0";
    const value = boundary[level] ?? null;
    return `(${after(query, key, value)} OR (${is(query, key.property, value)} AND ${beyond(level + 1)}))`;
  };
  query.andWhere(beyond(0));

  // Repeats the first level as a separate condition. Without it, SQLite walks its index from the first row to the
  // boundary.
  const [key] = keys;
  const [value = null] = boundary;
  if (key && value !== null && (key.direction === "ASC" || !key.nullable))
    query.andWhere(`${key.property} ${key.direction === "ASC" ? ">=" : "<="} ${parameter(query, value)}`);
}

const restricted = <Row extends ObjectLiteral>(
  rows: Rows<Row>,
  condition: (query: SelectQueryBuilder<Row>) => string,
): Rows<Row> => ({
  ...rows,
  inOrder(keys) {
    const { query, keys: own } = rows.inOrder(keys);
    return { query: query.andWhere(condition(query)), keys: own };
  },
});

const is = (query: SelectQueryBuilder<ObjectLiteral>, property: string, value: Value) =>
  value === null ? `${property} IS NULL` : `${property} = ${parameter(query, value)}`;

/** Of the rows after those with this value. Both databases order NULL first. */
function after<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  { property, nullable, direction }: PageKey<Row>,
  value: Value,
): string {
  if (value === null) return direction === "ASC" ? `${property} IS NOT NULL` : "1 = 0";
  if (direction === "ASC") return `${property} > ${parameter(query, value)}`;
  const isBelow = `${property} < ${parameter(query, value)}`;
  return nullable ? `(${isBelow} OR ${property} IS NULL)` : isBelow;
}

function parameter(query: SelectQueryBuilder<ObjectLiteral>, value: Value): string {
  const name = `value${Object.keys(query.getParameters()).length}`;
  query.setParameter(name, value);
  return `:${name}`;
}
