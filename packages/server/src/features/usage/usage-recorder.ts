import type { Logger } from "pino";
import type { DataSource } from "typeorm";
import type { UsageRecorder } from "../../context/services.js";
import { gauge, type Metrics } from "../../infra/metrics.js";
import { clearUsage } from "./clear-usage.js";
import { type Usage, writeUsage } from "./write-usage.js";

/** Including the time that writing takes, stored usage is up to 5 s behind. */
const intervalMs = 3_000;
/** With more tokens in use, the interval grows in proportion, so that writing takes no larger share of the time. */
const tokensPerInterval = 20_000;
const tickMs = 500;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** By day, then by token. */
type Pending = Map<string, Map<string, Usage>>;

interface Options {
  dataSource: DataSource;
  logger: Logger;
  metrics: Metrics;
  now(): Date;
  /** How many days of usage are kept. */
  days: number;
}

export function createUsageRecorder({ dataSource, logger, metrics, now, days }: Options): UsageRecorder {
  let pending: Pending = new Map();
  /** Being written: not stored yet, and no longer counted in `pending`. */
  let underWay: Pending = new Map();
  let failed = false;
  let writing: Promise<void> = Promise.resolve();
  let today: { number: number; day: string; usages: Map<string, Usage> } | null = null;
  let startedAt = performance.now();
  let lastIntervalMs = intervalMs;

  function usageOf(tokenId: string, at: number): Usage {
    const number = Math.floor(at / dayMs);
    if (today?.number !== number) {
      const day = new Date(at).toISOString().slice(0, 10);
      today = { number, day, usages: usagesOf(pending, day) };
    }
    const known = today.usages.get(tokenId);
    if (known) return known;
    const lastOrigin = { ip: null, userAgent: null };
    const fresh = { tokenId, day: today.day, allowed: 0, denied: 0, lastAccessAt: null, lastOrigin, lastUse: {} };
    today.usages.set(tokenId, fresh);
    return fresh;
  }

  async function flush(): Promise<void> {
    const begin = performance.now();
    lastIntervalMs = begin - startedAt;
    startedAt = begin;
    underWay = pending;
    pending = new Map();
    today = null;
    let isWritten = true;
    for (const usages of underWay.values()) {
      const unwritten = await writeUsage(dataSource, usages.values(), (error) => {
        metrics.usageFailures.inc();
        logger.warn({ err: error }, "usage not written; kept for the next attempt");
      });
      for (const usage of unwritten) mergeInto(pending, usage);
      isWritten &&= unwritten.length === 0;
    }
    failed = !isWritten;
    underWay = new Map();
  }

  const queued = () => sizeOf(pending) + sizeOf(underWay);

  let isWriting = false;
  const timer = setInterval(() => {
    const wantedMs = intervalMs * Math.max(1, sizeOf(pending) / tokensPerInterval);
    if (isWriting || performance.now() - startedAt < wantedMs) return;
    isWriting = true;
    writing = flush().finally(() => {
      isWriting = false;
    });
  }, tickMs);
  timer.unref();

  let isStopped = false;
  let clearing: Promise<void> = Promise.resolve();
  const clear = () => {
    clearing = clearUsage(dataSource, { now: now(), days, isStopped: () => isStopped }).catch((error) => {
      logger.warn({ err: error }, "old usage not cleared; the next attempt is in an hour");
    });
  };
  const clearTimer = setInterval(clear, hourMs);
  clearTimer.unref();

  gauge(metrics, "hallpass_usage_queue", "Tokens whose usage is not written yet.", queued);
  gauge(
    metrics,
    "hallpass_usage_interval_seconds",
    "Time between the last two writes of usage. Grows with more than 20,000 tokens in use.",
    () => lastIntervalMs / 1_000,
  );

  return {
    allowed(tokenId, digest, at, origin) {
      const usage = usageOf(tokenId, at);
      usage.allowed++;
      // The clock may be set back.
      if (usage.lastAccessAt !== null && at < usage.lastAccessAt) return;
      usage.lastAccessAt = at;
      usage.lastOrigin = origin;
      if (digest !== null) usage.lastUse[digest] = at;
    },
    denied(tokenId, at) {
      usageOf(tokenId, at).denied++;
    },
    pendingAccess(tokenId) {
      let latest: { at: number; origin: Usage["lastOrigin"] } | null = null;
      for (const days of [pending, underWay])
        for (const usages of days.values()) {
          const { lastAccessAt: at = null, lastOrigin: origin } = usages.get(tokenId) ?? {};
          if (at !== null && origin && at >= (latest?.at ?? 0)) latest = { at, origin };
        }
      return latest;
    },
    isWritten: () => !failed,
    async close() {
      isStopped = true;
      clearInterval(timer);
      clearInterval(clearTimer);
      await writing;
      await flush();
      await clearing;
    },
  };
}

function usagesOf(pending: Pending, day: string): Map<string, Usage> {
  const known = pending.get(day);
  if (known) return known;
  const usages = new Map<string, Usage>();
  pending.set(day, usages);
  return usages;
}

/** Adds usage that could not be written to what was counted since. */
function mergeInto(pending: Pending, earlier: Usage): void {
  const usages = usagesOf(pending, earlier.day);
  const later = usages.get(earlier.tokenId);
  if (!later) return void usages.set(earlier.tokenId, earlier);
  later.allowed += earlier.allowed;
  later.denied += earlier.denied;
  later.lastUse = { ...earlier.lastUse, ...later.lastUse };
  if (earlier.lastAccessAt === null || (later.lastAccessAt ?? 0) >= earlier.lastAccessAt) return;
  later.lastAccessAt = earlier.lastAccessAt;
  later.lastOrigin = earlier.lastOrigin;
}

function sizeOf(pending: Pending): number {
  let size = 0;
  for (const usages of pending.values()) size += usages.size;
  return size;
}
