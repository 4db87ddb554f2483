import { closeGaps, receivedGap, revocationBoundMs, type TokenCache, verifierLimits } from "@hallpass/shared/check";
import type { HallpassClient } from "./hallpass-client.js";

/** Pause between two looks, in ms. Well below the revocation bound, so that a late look is still in time. */
const intervalMs = 250;
const looksPerTrim = 240;

/**
 * Asks Hallpass four times a second what has changed in the accounts of cached tokens, and evicts it. The cache counts
 * as confirmed from when the request was sent, so a slow answer makes nothing look newer than it is.
 */
export function followChanges(
  client: HallpassClient,
  cache: TokenCache,
  onError: (error: unknown) => void,
): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let looks = 0;
  /** Undefined before the first look. */
  let historyId: string | null | undefined;

  async function look(): Promise<void> {
    const lookedAt = performance.now();
    try {
      // More than Hallpass compares at once: keep those of cached tokens, or else start over.
      if (cache.heads.size > verifierLimits.heads) cache.trimHeads();
      if (cache.heads.size > verifierLimits.heads) cache.evictAll();
      const answer = await client.changes({ heads: Object.fromEntries(cache.heads) });
      if (historyId !== undefined && answer.historyId !== historyId) cache.evictAll();
      historyId = answer.historyId;
      closeGaps(cache, answer.gaps.map(receivedGap));
      cache.confirm(lookedAt);
      if (++looks % looksPerTrim === 0) cache.trimHeads();
    } catch (error) {
      // Nothing in memory may be used any more. Without it, the next answer is short, whatever has changed meanwhile.
      if (cache.statistics().confirmedAgo > revocationBoundMs) cache.evictAll();
      onError(error);
    }
  }

  function schedule(): void {
    if (closed) return;
    timer = setTimeout(() => void look().finally(schedule), intervalMs);
    timer.unref();
  }

  schedule();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
