import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk in memory, small enough to fill. */
export interface SmallDisk {
  folder: string;
  /** Fills the disk to the last byte. */
  fill(): void;
  free(): void;
  remove(): void;
}

/** Needs root. */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "hallpass-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0755`, "tmpfs", folder], { stdio: "pipe" });
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill() {
      const file = openSync(ballast, "a");
      for (let size = 1 << 20; size >= 1; size >>= 4) writeUntilFull(file, Buffer.alloc(size));
      closeSync(file);
    },
    free: () => rmSync(ballast, { force: true }),
    remove() {
      execFileSync("umount", ["-l", folder]);
      rmdirSync(folder);
    },
  };
}

function writeUntilFull(file: number, block: Buffer): void {
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

/** `describe` if a disk can be mounted. Otherwise the suite is skipped with a message, or fails on CI. */
export function describeWithDisk(name: string, suite: () => void): void {
  try {
    mountSmallDisk(1).remove();
  } catch (error) {
    if (process.env.CI) throw new Error(`'${name}' cannot run: no disk can be mounted.`, { cause: error });
    process.stdout.write(`Left out: '${name}', because no disk can be mounted; that takes root.\n`);
    describe.skip(name, suite);
    return;
  }
  describe(name, suite);
}
