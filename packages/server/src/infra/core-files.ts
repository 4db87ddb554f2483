import { writeFileSync } from "node:fs";
import type { Logger } from "pino";

/**
 * The process has values in its memory, so a core file of it must have none of that: on Linux, where they are common, no
 * part of the memory goes into one. See core(5).
 */
export function keepMemoryOutOfCoreFiles(logger: Logger): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync("/proc/self/coredump_filter", "0");
  } catch (error) {
    logger.warn({ err: error }, "core dumps would contain token values; disable them");
  }
}
