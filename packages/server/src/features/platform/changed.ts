/** What differs from what is stored, as an audit record has it; null: nothing. All of it when nothing is stored. */
export function changed<Row extends object>(
  stored: Row | null,
  wanted: Partial<Row>,
): { before: Partial<Row>; after: Partial<Row> } | null {
  const keys = (Object.keys(wanted) as (keyof Row)[]).filter((key) => !stored || stored[key] !== wanted[key]);
  if (keys.length === 0) return null;
  const pick = (from: Partial<Row>) => Object.fromEntries(keys.map((key) => [key, from[key]])) as Partial<Row>;
  return { before: stored ? pick(stored) : {}, after: pick(wanted) };
}
