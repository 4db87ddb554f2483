import { UsageCounts } from "@hallpass/shared/check";
import type { Logger } from "pino";
import type { DataSource } from "typeorm";
import type { UsageRecorder } from "../../context/services.js";
import { gauge, type Metrics } from "../../infra/metrics.js";
import { writeUsage } from "./write-usage.js";

/** Including the time that writing takes, stored usage is up to 5 s behind. */
const intervalMs = 3_000;
/** With more tokens in use, the interval grows in proportion, so that writing takes no larger share of the time. */
const tokensPerInterval = 20_000;
const tickMs = 500;

interface Options {
  dataSource: DataSource;
  logger: Logger;
  metrics: Metrics;
}

export function createUsageRecorder({ dataSource, logger, metrics }: Options): UsageRecorder {
  let pending = new UsageCounts();
  /** Being written: not stored yet, and no longer counted in `pending`. */
  let underWay = new UsageCounts();
  let failed = false;
  let writing: Promise<void> = Promise.resolve();
  let startedAt = performance.now();
  let lastIntervalMs = intervalMs;

  function onError(error: unknown): void {
    metrics.usageFailures.inc();
    logger.warn({ err: error }, "usage not written; kept for the next attempt");
  }

  async function flush(): Promise<void> {
    const begin = performance.now();
    lastIntervalMs = begin - startedAt;
    startedAt = begin;
    underWay = pending;
    pending = new UsageCounts();
    let isWritten = true;
    for (const usages of underWay.days()) {
      const unwritten = await writeUsage(dataSource, usages, onError);
      for (const usage of unwritten) pending.add(usage);
      isWritten &&= unwritten.length === 0;
    }
    failed = !isWritten;
    underWay = new UsageCounts();
  }

  const queued = () => pending.size + underWay.size;

  let isWriting = false;
  const timer = setInterval(() => {
    const wantedMs = intervalMs * Math.max(1, pending.size / tokensPerInterval);
    if (isWriting || performance.now() - startedAt < wantedMs) return;
    isWriting = true;
    writing = flush().finally(() => {
      isWriting = false;
    });
  }, tickMs);
  timer.unref();

  gauge(metrics, "hallpass_usage_queue", "Tokens whose usage is not written yet.", queued);
  gauge(
    metrics,
    "hallpass_usage_interval_seconds",
    "Time between the last two writes of usage. Grows with more than 20,000 tokens in use.",
    () => lastIntervalMs / 1_000,
  );

  return {
    allowed: (used, at, origin) => pending.allowed(used, at, origin),
    denied: (tokenId, at) => pending.denied(tokenId, at),
    reported: (usage) => pending.add(usage),
    pendingAccess(tokenId) {
      const [newer, older] = [pending.lastAccess(tokenId), underWay.lastAccess(tokenId)];
      return newer && older && older.at > newer.at ? older : (newer ?? older);
    },
    isWritten: () => !failed,
    async close() {
      clearInterval(timer);
      await writing;
      await flush();
    },
  };
}
