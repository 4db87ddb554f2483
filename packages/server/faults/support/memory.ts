import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";

const pageSize = 4096;
const pagesAtOnce = 2_048;

/**
 * Copies all used memory of a process to a file: what a core file could contain, without the many gigabytes that
 * mariadbd only reserves but gcore would write. Needs Linux and root.
 */
export function copyMemory(pid: number, path: string): void {
  const [memory, pages, copy] = [
    openSync(`/proc/${pid}/mem`, "r"),
    openSync(`/proc/${pid}/pagemap`, "r"),
    openSync(path, "w"),
  ];
  const block = Buffer.alloc(pagesAtOnce * pageSize);
  for (const { start, end } of mappings(pid))
    for (let page = start; page < end; page += pagesAtOnce)
      for (const [first, count] of presentRuns(pages, page, Math.min(pagesAtOnce, end - page))) {
        const length = readOrNothing(memory, block, count * pageSize, first * pageSize);
        writeSync(copy, block, 0, length);
      }
  for (const file of [memory, pages, copy]) closeSync(file);
}

/** The readable mappings, in pages. */
function mappings(pid: number): { start: number; end: number }[] {
  return [...readFileSync(`/proc/${pid}/maps`, "latin1").matchAll(/^([0-9a-f]+)-([0-9a-f]+) r(?!.*\[v)/gm)].map(
    ([, start = "", end = ""]) => ({ start: pageOf(start), end: pageOf(end) }),
  );
}

const pageOf = (address: string) => Number(BigInt(`0x${address}`) / BigInt(pageSize));

/** Runs of pages in memory or swapped out, as first page and count. */
function presentRuns(pagemap: number, page: number, count: number): [number, number][] {
  const entries = Buffer.alloc(count * 8);
  readSync(pagemap, entries, 0, entries.length, page * 8);
  const runs: [number, number][] = [];
  for (let index = 0; index < count; index++) {
    // The two highest bits of an entry.
    if (entries.readUInt8(index * 8 + 7) < 0x40) continue;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === page + index) last[1]++;
    else runs.push([page + index, 1]);
  }
  return runs;
}

/** The process keeps running and may have freed the memory. */
function readOrNothing(memory: number, block: Buffer, length: number, position: number): number {
  try {
    return readSync(memory, block, 0, length, position);
  } catch {
    return 0;
  }
}
