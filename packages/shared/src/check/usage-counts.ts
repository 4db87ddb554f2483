import type { UsageOrigin } from "./types.js";
import type { Usage } from "./verifier-protocol.js";

const dayMs = 86_400_000;

/** Usage counted in memory, by day, then by token. */
export class UsageCounts {
  private readonly byDay = new Map<string, Map<string, Usage>>();
  private today: { number: number; day: string; usages: Map<string, Usage> } | null = null;

  allowed(tokenId: string, digest: string | null, at: number, origin: UsageOrigin): void {
    const usage = this.usageOf(tokenId, at);
    usage.allowed++;
    // The clock may be set back.
    if (usage.lastAccessAt !== null && at < usage.lastAccessAt) return;
    usage.lastAccessAt = at;
    usage.lastOrigin = origin;
    if (digest !== null) noteUse(usage, digest, at);
  }

  denied(tokenId: string, at: number): void {
    this.usageOf(tokenId, at).denied++;
  }

  /** Adds usage that was counted elsewhere, or earlier. */
  add(other: Usage): void {
    const usages = this.usagesOf(other.day);
    const known = usages.get(other.tokenId);
    if (!known) return void usages.set(other.tokenId, other);
    known.allowed += other.allowed;
    known.denied += other.denied;
    for (const { digest, at } of other.lastUse) noteUse(known, digest, at);
    if (other.lastAccessAt === null || (known.lastAccessAt ?? 0) >= other.lastAccessAt) return;
    known.lastAccessAt = other.lastAccessAt;
    known.lastOrigin = other.lastOrigin;
  }

  /** The usage of each day. A token is listed once a day. */
  days(): Iterable<Map<string, Usage>> {
    return this.byDay.values();
  }

  /** Number of tokens, each counted once a day. */
  get size(): number {
    let size = 0;
    for (const usages of this.byDay.values()) size += usages.size;
    return size;
  }

  private usageOf(tokenId: string, at: number): Usage {
    const number = Math.floor(at / dayMs);
    if (this.today?.number !== number) {
      const day = new Date(at).toISOString().slice(0, 10);
      this.today = { number, day, usages: this.usagesOf(day) };
    }
    const { day, usages } = this.today;
    const known = usages.get(tokenId);
    if (known) return known;
    const lastOrigin = { ip: null, userAgent: null };
    const fresh = { tokenId, day, allowed: 0, denied: 0, lastAccessAt: null, lastOrigin, lastUse: [] };
    usages.set(tokenId, fresh);
    return fresh;
  }

  private usagesOf(day: string): Map<string, Usage> {
    const known = this.byDay.get(day);
    if (known) return known;
    const usages = new Map<string, Usage>();
    this.byDay.set(day, usages);
    return usages;
  }
}

function noteUse({ lastUse }: Usage, digest: string, at: number): void {
  for (const use of lastUse)
    if (use.digest === digest) {
      if (at > use.at) use.at = at;
      return;
    }
  lastUse.push({ digest, at });
}
