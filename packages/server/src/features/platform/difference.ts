/**
 * The fields that differ from the stored ones, as in an audit record. Null if none do. All fields if nothing is stored.
 */
export function differenceOf<Row extends object>(
  stored: Row | null,
  wanted: Partial<Row>,
): { before: Partial<Row>; after: Partial<Row> } | null {
  const keys = (Object.keys(wanted) as (keyof Row)[]).filter((key) => !stored || stored[key] !== wanted[key]);
  if (keys.length === 0) return null;
  const pick = (from: Partial<Row>) => Object.fromEntries(keys.map((key) => [key, from[key]])) as Partial<Row>;
  return { before: stored ? pick(stored) : {}, after: pick(wanted) };
}
