import DataLoader from "dataloader";
import type { DataSource, EntityTarget, ObjectLiteral } from "typeorm";

/** Loads rows by ID. Null for one that does not exist. */
export function rowById<Row extends ObjectLiteral & { id: string }>(dataSource: DataSource, target: EntityTarget<Row>) {
  return new DataLoader<string, Row | null>(async (ids) => {
    const rows = await dataSource
      .createQueryBuilder(target, "row")
      .where("row.id IN (:...ids)", { ids: [...ids] })
      .getMany();
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
