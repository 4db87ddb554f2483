import DataLoader from "dataloader";
import type { DataSource, EntityManager, EntityTarget, ObjectLiteral, SelectQueryBuilder } from "typeorm";
import type { ColumnMetadata } from "typeorm/metadata/ColumnMetadata.js";

// Reads entities faster than TypeORM's getMany. That builds the SQL of each query again, and looks for relations in each
// row, which takes longer than to read it.

/** The rows of a query outside a transaction. If it joins rows to them, TypeORM reads those. */
export async function readRows<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>): Promise<Row[]> {
  return query.expressionMap.joinAttributes.length > 0 ? query.getMany() : rowsOf(reading(query));
}

/** The rows of a query of this shape. It joins no rows to them. */
export const readPrepared = <Row extends ObjectLiteral>(
  shape: Shape,
  build: () => SelectQueryBuilder<Row>,
): Promise<Row[]> => rowsOf(prepared(shape, () => reading(build())));

/** A query that is built once. */
export interface Shape {
  /** That of a transaction, or of the data source. */
  manager: EntityManager;
  /** Names all that determines its SQL. */
  name: string;
  /** In the order in which the query has them. */
  parameters: readonly (string | number)[];
}

type Values = Record<string, unknown>;

interface Statement {
  manager: EntityManager;
  sql: string;
  parameters: unknown[];
}

interface Reading<Row> extends Statement {
  /** Makes a row an entity. */
  read(values: Values): Row;
  /** Reads the same rows, whatever they contain. Null if this one does. */
  ofAnything: (() => Reading<Row>) | null;
}

async function rowsOf<Row>({ manager, sql, parameters, read, ofAnything }: Reading<Row>): Promise<Row[]> {
  try {
    const found: Values[] = await manager.query(sql, parameters);
    return found.map(read);
  } catch (error) {
    if (!ofAnything || !isOfBytes(error)) throw error;
    return rowsOf({ ...ofAnything(), manager, parameters });
  }
}

/** JSON has no bytes, which only someone else can have stored: SQLite accepts them in any column. */
const isOfBytes = (error: unknown) => error instanceof Error && error.message.includes("JSON cannot hold BLOB values");

/** A statement for this query alone. */
export function built(query: SelectQueryBuilder<ObjectLiteral>): Statement {
  const [sql, parameters] = query.getQueryAndParameters();
  return { manager: query.dataSource.manager, sql, parameters };
}

const known = new WeakMap<DataSource, Map<string, Statement>>();

/** The statement for all queries of this shape, which is made for the first of them. */
export function prepared<Made extends Statement>({ manager, name, parameters }: Shape, make: () => Made): Made {
  const statements = known.get(manager.dataSource) ?? new Map<string, Statement>();
  known.set(manager.dataSource, statements);
  const statement = (statements.get(name) as Made | undefined) ?? make();
  if (statement.parameters.length !== parameters.length) throw new Error(`"${name}" has other parameters.`);
  statements.set(name, statement);
  return { ...statement, manager, parameters: [...parameters] };
}

function reading<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>): Reading<Row> {
  const { expressionMap, dataSource } = query;
  const { metadata, name = "" } = expressionMap.mainAlias ?? {};
  if (!metadata) throw new Error("The query has no entity.");
  const columns = metadata.columns.filter(({ isSelect }) => isSelect);
  const readerBy = (keyOf: (column: ColumnMetadata, index: number) => string | number) => {
    const readers = columns.map((column, index) => ({
      property: column.propertyName,
      key: keyOf(column, index),
      read: valueReader(column, dataSource),
    }));
    return (values: Values): Row => {
      const row: Values = metadata.create();
      for (const { property, key, read } of readers) row[property] = read ? read(values[key]) : values[key];
      return row as Row;
    };
  };
  const ofAnything = (): Reading<Row> => {
    const read = readerBy(({ databaseName }) => `${name}_${databaseName}`);
    return { ...built(query), read, ofAnything: null };
  };
  if (dataSource.options.type !== "better-sqlite3" || columns.some(({ type }) => type === "blob")) return ofAnything();
  // Parsing a row takes a third of the time in which better-sqlite3 makes an object of it, value by value.
  const values = columns.map(({ databaseName }) => `${query.escape(name)}.${query.escape(databaseName)}`);
  const inJson = query.clone().select(`json_array(${values.join(", ")})`, "row");
  const read = readerBy((_column, index) => index);
  return { ...built(inJson), read: ({ row }) => read(JSON.parse(row as string)), ofAnything };
}

/** Makes a value as the driver returns it one of the entity. Null if it is one already. */
function valueReader(column: ColumnMetadata, { driver }: DataSource): ((value: unknown) => unknown) | null {
  const { type, transformer } = column;
  if (transformer) return (value) => driver.prepareHydratedValue(value, column);
  if (type === "varchar" || type === "text" || type === "int") return null;
  if (type === "datetime") return toDate;
  return (value) => driver.prepareHydratedValue(value, column);
}

/** A time as the driver returns it: text on SQLite. */
export const toDate = (value: unknown) =>
  typeof value === "string" ? new Date(`${value.replace(" ", "T")}Z`) : (value as Date | null);

/** With more values, building the query is the lesser part. */
const mostPrepared = 100;

/** The rows that have one of the values in a column. */
export function rowsWith<Row extends ObjectLiteral>(
  dataSource: DataSource,
  target: EntityTarget<Row>,
  property: keyof Row & string,
  values: readonly string[],
): Promise<Row[]> {
  const build = () =>
    dataSource.createQueryBuilder(target, "row").where(`row.${property} IN (:...values)`, { values: [...values] });
  if (values.length > mostPrepared) return readRows(build());
  const name = `${dataSource.getMetadata(target).name} with ${values.length} of ${property}`;
  return readPrepared({ manager: dataSource.manager, name, parameters: values }, build);
}

/** Loads rows by ID. Null for one that does not exist. */
export function rowById<Row extends ObjectLiteral & { id: string }>(dataSource: DataSource, target: EntityTarget<Row>) {
  return new DataLoader<string, Row | null>(async (ids) => {
    const rows = await rowsWith(dataSource, target, "id", ids);
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? null);
  });
}

/** Each key's rows, in the order of the keys. */
export function grouped<Row>(keys: readonly string[], rows: Row[], keyOf: (row: Row) => string): Row[][] {
  const groups = new Map<string, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(keyOf(row))?.push(row);
  return keys.map((key) => groups.get(key) ?? []);
}
