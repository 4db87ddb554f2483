import { randomUUID } from "node:crypto";
import { isIP } from "node:net";
import { type CheckUsage, type Usage, UsageCounts, type UsageRequest, verifierLimits } from "@hallpass/shared/check";
import { type HallpassClient, Refused } from "./hallpass-client.js";

const intervalMs = 3_000;
const userAgentLength = 255;

export interface UsageReporter extends CheckUsage {
  /** Reports what is still in memory. */
  close(): Promise<void>;
}

/**
 * Counts checks in memory and reports them every 3 seconds. A failed report is resent unchanged, so that Hallpass counts
 * it only once. If unsent reports exceed `maxTokens`, the oldest are dropped and `onError` is called.
 */
export function reportUsage(
  client: HallpassClient,
  maxTokens: number,
  onError: (error: unknown) => void,
): UsageReporter {
  let counts = new UsageCounts();
  let waiting: UsageRequest[] = [];
  let reporting: Promise<void> = Promise.resolve();

  function prepare(): void {
    const usages = [...counts.days()].flatMap((each) => [...each].map(sendable));
    counts = new UsageCounts();
    for (let start = 0; start < usages.length; start += verifierLimits.usages)
      waiting.push({ id: randomUUID(), usages: usages.slice(start, start + verifierLimits.usages) });
    const most = Math.max(1, Math.ceil(maxTokens / verifierLimits.usages));
    if (waiting.length <= most) return;
    const dropped = waiting.splice(0, waiting.length - most);
    onError(new Error(`Usage of ${dropped.flatMap((report) => report.usages).length} tokens was dropped.`));
  }

  async function report(): Promise<void> {
    prepare();
    while (waiting[0]) {
      try {
        await client.usage(waiting[0]);
      } catch (error) {
        onError(error);
        // Hallpass would never accept it.
        const isMalformed = error instanceof Refused && (error.status === 400 || error.status === 413);
        if (!isMalformed) return;
      }
      waiting = waiting.slice(1);
    }
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
    allowed: (used, at, origin) => counts.allowed(used, at, origin),
    denied: (tokenId, at) => counts.denied(tokenId, at),
    async close() {
      clearInterval(timer);
      await reporting;
      await report();
    },
  };
}

/** A client and its proxies can send any text. */
function sendable(usage: Usage): Usage {
  const { ip, userAgent } = usage.lastOrigin;
  const lastOrigin = {
    ip: ip !== null && isIP(ip) > 0 ? ip : null,
    userAgent: userAgent?.replace(/\p{Cc}/gu, "").slice(0, userAgentLength) ?? null,
  };
  return { ...usage, lastOrigin };
}
