const maxKnown = 10_000;
const known = new Map<string, readonly string[]>();

/** The same array for the same modules, so that the tokens of a warm cache share what every check reads. */
export function internedModules(moduleIds: readonly string[]): readonly string[] {
  const key = moduleIds.join(" ");
  const same = known.get(key);
  if (same) return same;
  if (known.size >= maxKnown) known.clear();
  // Handed to application code: a change would apply to every such token.
  const frozen = Object.freeze([...moduleIds]);
  known.set(key, frozen);
  return frozen;
}
