import { type CheckUsage, type Usage, UsageCounts, verifierLimits } from "@hallpass/shared/check";
import type { HallpassClient } from "./hallpass-client.js";

const intervalMs = 3_000;

export interface UsageReporter extends CheckUsage {
  /** Reports what is still in memory. */
  close(): Promise<void>;
}

/**
 * Counts checks in memory and reports them every 3 seconds. What cannot be reported is kept and sent later, up to
 * `maxTokens`: beyond, it is dropped and `onError` is told.
 */
export function reportUsage(
  client: HallpassClient,
  maxTokens: number,
  onError: (error: unknown) => void,
): UsageReporter {
  let counts = new UsageCounts();
  let reporting: Promise<void> = Promise.resolve();

  async function report(): Promise<void> {
    const sending = [...counts.days()].flatMap((usages) => [...usages.values()]);
    counts = new UsageCounts();
    for (let start = 0; start < sending.length; start += verifierLimits.usages) {
      const usages = sending.slice(start, start + verifierLimits.usages);
      try {
        await client.usage({ usages });
      } catch (error) {
        onError(error);
        keep(sending.slice(start));
        return;
      }
    }
  }

  function keep(usages: Usage[]): void {
    const room = Math.max(0, maxTokens - counts.size);
    for (const usage of usages.slice(0, room)) counts.add(usage);
    if (usages.length > room) onError(new Error(`Usage of ${usages.length - room} tokens was dropped.`));
  }

  let isReporting = false;
  const timer = setInterval(() => {
    if (isReporting) return;
    isReporting = true;
    reporting = report().finally(() => {
      isReporting = false;
    });
  }, intervalMs);
  timer.unref();

  return {
    allowed: (tokenId, digest, at, origin) => counts.allowed(tokenId, digest, at, origin),
    denied: (tokenId, at) => counts.denied(tokenId, at),
    async close() {
      clearInterval(timer);
      await reporting;
      await report();
    },
  };
}
