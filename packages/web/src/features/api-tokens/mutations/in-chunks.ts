/** Tokens per request, which shows progress and is what `nodes` accepts. */
const chunkSize = 100;

export function inChunks<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / chunkSize) }, (_, index) =>
    all.slice(index * chunkSize, (index + 1) * chunkSize),
  );
}
