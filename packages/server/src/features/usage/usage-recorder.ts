import type { Logger } from "pino";
import type { DataSource } from "typeorm";
import type { UsageRecorder } from "../../context/services.js";
import type { Metrics } from "../../infra/metrics.js";
import { type Usage, writeUsage } from "./write-usage.js";

/** With the time that writing takes, what is stored is 5 s behind at most. */
const intervalMs = 3_000;
const dayMs = 86_400_000;

export function createUsageRecorder(dataSource: DataSource, logger: Logger, metrics: Metrics): UsageRecorder {
  let current = new Map<string, Usage>();
  /** What is being written: not stored yet, and no longer counted. */
  let underWay = new Map<string, Usage>();
  /** Of days that ended, or whose writing failed. */
  let earlier: Usage[] = [];
  let failed = false;
  let writing: Promise<void> = Promise.resolve();
  let today = { number: -1, text: "" };

  function dayOf(at: number): string {
    const number = Math.floor(at / dayMs);
    if (number !== today.number) today = { number, text: new Date(at).toISOString().slice(0, 10) };
    return today.text;
  }

  function usageOf(tokenId: string, at: number): Usage {
    const day = dayOf(at);
    const known = current.get(tokenId);
    if (known?.day === day) return known;
    if (known) earlier.push(known);
    const lastOrigin = { ip: null, userAgent: null };
    const fresh = { tokenId, day, allowed: 0, denied: 0, lastAccessAt: null, lastOrigin, lastUse: {} };
    current.set(tokenId, fresh);
    return fresh;
  }

  async function flush(): Promise<void> {
    const batch = [...earlier, ...current.values()];
    if (batch.length === 0) return;
    earlier = [];
    underWay = current;
    current = new Map();
    const unwritten = await writeUsage(dataSource, batch, (error) => {
      metrics.usageFailures.inc();
      logger.warn({ err: error }, "usage not written; kept for the next try");
    });
    earlier.push(...unwritten);
    underWay = new Map();
    failed = unwritten.length > 0;
  }

  const timer = setInterval(() => {
    writing = writing.then(flush);
  }, intervalMs);
  timer.unref();

  return {
    allowed(tokenId, digest, at, origin) {
      const usage = usageOf(tokenId, at);
      usage.allowed++;
      // A clock may be set back.
      if (usage.lastAccessAt !== null && at < usage.lastAccessAt) return;
      usage.lastAccessAt = at;
      usage.lastOrigin = origin;
      if (digest !== null) usage.lastUse[digest] = at;
    },
    denied(tokenId, at) {
      usageOf(tokenId, at).denied++;
    },
    pendingAccess(tokenId) {
      const { lastAccessAt: at = null, lastOrigin: origin } = current.get(tokenId) ?? underWay.get(tokenId) ?? {};
      return at !== null && origin ? { at, origin } : null;
    },
    queued: () => current.size + earlier.length,
    isWritten: () => !failed,
    async close() {
      clearInterval(timer);
      await writing;
      await flush();
    },
  };
}
