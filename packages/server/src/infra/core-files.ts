import { writeFileSync } from "node:fs";
import type { Logger } from "pino";

/**
 * The process has token values in its memory, so core dumps must not contain it: on Linux, where they are common,
 * excludes all memory from them. See core(5).
 */
export function keepMemoryOutOfCoreFiles(logger: Logger): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync("/proc/self/coredump_filter", "0");
  } catch (error) {
    logger.warn({ err: error }, "core dumps would contain token values; disable them");
  }
}
