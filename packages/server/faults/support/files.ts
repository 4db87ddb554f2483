import { createReadStream, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Length of a value's secret part. */
const secretLength = 32;

export interface Search {
  files: number;
  bytes: number;
  /** The file and the match, masked. */
  found: string[];
}

/**
 * Searches files for values, by their secret part, and for other secrets, by their first 32 characters. Random bytes
 * do not match that many by chance.
 */
export async function searchFiles(paths: string[], secrets: Iterable<string>): Promise<Search> {
  const needles = new Set([...secrets].map(needleOf));
  const search: Search = { files: 0, bytes: 0, found: [] };
  for (const path of paths.flatMap(filesIn)) {
    search.files++;
    search.bytes += await searchFile(path, needles, search.found);
  }
  return search;
}

/** The 32 characters of a value's secret part, or the first 32 of another secret. */
function needleOf(secret: string): string {
  return /^hp_[0-9]+_(.{32})/.exec(secret)?.[1] ?? secret.slice(0, secretLength);
}

function filesIn(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
}

async function searchFile(path: string, needles: Set<string>, found: string[]): Promise<number> {
  let bytes = 0;
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "latin1", highWaterMark: 1 << 20 })) {
    bytes += chunk.length;
    const text = rest + chunk;
    for (const [run] of text.matchAll(/[0-9A-Za-z_-]{32,}/g))
      for (let start = 0; start + secretLength <= run.length; start++) {
        const part = run.slice(start, start + secretLength);
        if (needles.has(part)) found.push(`${path}: ${part.slice(0, 4)}…`);
      }
    rest = text.slice(-(secretLength - 1));
  }
  return bytes;
}
