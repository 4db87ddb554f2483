import type { ObjectLiteral, SelectQueryBuilder } from "typeorm";
import { longRead } from "./long-reads.js";
import { built, prepared, type Shape } from "./rows.js";

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
type Id = string | number;

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

/** For few rows, which must not be looked for in an index: the databases use none for what is not a bare column. */
const unindexed = (property: string) => `COALESCE(${property}, ${property})`;

/**
 * IDs of the first rows after the boundary, for orders of several levels, which no index has. Reads each level in its
 * index instead of sorting all rows: the next level decides only among those with the value of the last wanted row, and
 * those before it are few.
 */
export async function firstIds<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  keys: PageKey<Row>[],
  boundary: Value[] | null,
  count: number,
  sortable = sortedRows,
): Promise<Id[]> {
  const [key, ...others] = keys;
  if (!key || others.length <= 1) return idsOf(ordered(query, keys, boundary).limit(count), keys);
  const [value = null, ...inside] = boundary ?? [];
  const found = boundary ? await tiedIds({ query, key, value, sortable }, others, inside, count) : [];
  if (found.length >= count) return found;
  const rest = boundary ? restricted(query, (rows) => after(rows, key, value)) : query;
  const { last, before } = await valuesIn(rest, key, keys, count - found.length);
  if (before.length > 0) {
    const few = rest.clone().andWhere(`${lastOf(keys).property} IN (:...before)`, { before });
    found.push(...(await idsOf(ordered(few, keys, null, unindexed), keys)));
  }
  if (last === undefined) return found;
  const tie = { query: rest, key, value: last, sortable };
  found.push(...(await tiedIds(tie, others, null, count - found.length)));
  if (found.length >= count) return found;
  // Rows have changed or gone since their values were read. Those after them take their places.
  const later = restricted(rest, (rows) => after(rows, key, last));
  return [...new Set([...found, ...(await firstIds(later, keys, null, count - found.length, sortable))])];
}

/**
 * Of the first rows in the order of one key: the value of the last, and the IDs of those with another. Without a last,
 * there are fewer rows.
 */
async function valuesIn<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  { property, direction }: PageKey<Row>,
  keys: PageKey<Row>[],
  count: number,
): Promise<{ last?: Value; before: Id[] }> {
  const first = query.clone().select(property, "value").addSelect(lastOf(keys).property, "id");
  const rows = await first.orderBy(property, direction).limit(count).comment(longRead).getRawMany<RowValue>();
  if (rows.length < count) return { before: rows.map(({ id }) => id) };
  const last = rows.at(-1)?.value ?? null;
  return {
    last,
    before: rows.filter(({ value }) => JSON.stringify(value) !== JSON.stringify(last)).map(({ id }) => id),
  };
}

interface RowValue {
  value: Value;
  id: Id;
}

interface Tie<Row extends ObjectLiteral> {
  query: SelectQueryBuilder<Row>;
  key: PageKey<Row>;
  value: Value;
  /** Up to so many rows are sorted. */
  sortable: number;
}

/** Of the rows with this value. */
async function tiedIds<Row extends ObjectLiteral>(
  { query, key: { property }, value, sortable }: Tie<Row>,
  keys: PageKey<Row>[],
  boundary: Value[] | null,
  count: number,
): Promise<Id[]> {
  const tied = restricted(query, (rows) => is(rows, property, value));
  if ((await countUpTo(() => tied, sortable + 1)) <= sortable)
    return idsOf(ordered(tied, keys, boundary, unindexed).limit(count), keys);
  const inIndexOfNext = restricted(query, (rows) => is(rows, unindexed(property), value));
  return firstIds(inIndexOfNext, keys, boundary, count, sortable);
}

export async function idsOf<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  keys: PageKey<Row>[],
): Promise<Id[]> {
  const rows = await query.select(lastOf(keys).property, "id").comment(longRead).getRawMany<{ id: Id }>();
  return rows.map(({ id }) => id);
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

function restricted<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  condition: (rows: SelectQueryBuilder<Row>) => string,
): SelectQueryBuilder<Row> {
  const rows = query.clone();
  return rows.andWhere(condition(rows));
}

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
