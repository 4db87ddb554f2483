import type { UsageOrigin, UsedValue } from "./types.js";
import type { Usage } from "./verifier-protocol.js";

const dayMs = 86_400_000;

/** A day of one UsageCounts. */
interface Day {
  /** YYYY-MM-DD in UTC. */
  name: string;
  /** In ms since 1970. */
  startsAt: number;
}

/** A token's checks on one day. Times are in ms since it began, for the reason given at WarmValue. */
export interface Tally {
  readonly day: Day;
  readonly tokenId: string;
  allowed: number;
  denied: number;
  /** Null if no check allowed the token. Negative if reported by a process whose clock was ahead. */
  lastAccessAt: number | null;
  lastIp: string | null;
  lastUserAgent: string | null;
  /** The value used last, and when. */
  digest: string | null;
  usedAt: number;
  /** When its other values were last used, by digest. */
  otherUses: Map<string, number> | null;
}

/** Usage counted in memory, by day, then by token. */
export class UsageCounts {
  private readonly tallies = new Map<Day, Map<string, Tally>>();
  private today: Day | null = null;

  allowed(used: UsedValue, at: number, origin: UsageOrigin): void {
    const day = this.dayAt(at);
    let { tally } = used;
    // The tally is missing, is another day's, or has already been taken for writing.
    if (tally?.day !== day) {
      tally = this.tallyOf(day, used.tokenId);
      used.tally = tally;
    }
    tally.allowed++;
    const accessAt = at - day.startsAt;
    // The clock may be set back.
    if (tally.lastAccessAt !== null && accessAt < tally.lastAccessAt) return;
    noteAccess(tally, accessAt, origin);
    if (used.digest !== null) noteUse(tally, used.digest, accessAt);
  }

  denied(tokenId: string, at: number): void {
    this.tallyOf(this.dayAt(at), tokenId).denied++;
  }

  /** Adds usage that was counted elsewhere, or earlier. */
  add({ tokenId, day: name, allowed, denied, lastAccessAt, lastOrigin, lastUse }: Usage): void {
    const day = this.dayNamed(name);
    const tally = this.tallyOf(day, tokenId);
    tally.allowed += allowed;
    tally.denied += denied;
    for (const { digest, at } of lastUse) noteUse(tally, digest, at - day.startsAt);
    if (lastAccessAt === null) return;
    const accessAt = lastAccessAt - day.startsAt;
    if (tally.lastAccessAt === null || accessAt > tally.lastAccessAt) noteAccess(tally, accessAt, lastOrigin);
  }

  /** The usage of each day. A token is listed once a day. */
  *days(): Generator<Iterable<Usage>> {
    for (const tallies of this.tallies.values()) yield usagesOf(tallies.values());
  }

  /** The token's last access, in ms since 1970. Null if there is none. */
  lastAccess(tokenId: string): { at: number; origin: UsageOrigin } | null {
    let last: { at: number; origin: UsageOrigin } | null = null;
    for (const [{ startsAt }, tallies] of this.tallies) {
      const tally = tallies.get(tokenId);
      if (!tally || tally.lastAccessAt === null) continue;
      const at = startsAt + tally.lastAccessAt;
      if (!last || at >= last.at) last = { at, origin: { ip: tally.lastIp, userAgent: tally.lastUserAgent } };
    }
    return last;
  }

  /** Number of tokens, each counted once a day. */
  get size(): number {
    let size = 0;
    for (const tallies of this.tallies.values()) size += tallies.size;
    return size;
  }

  private dayAt(at: number): Day {
    const { today } = this;
    if (today && at >= today.startsAt && at < today.startsAt + dayMs) return today;
    this.today = this.dayNamed(new Date(at).toISOString().slice(0, 10));
    return this.today;
  }

  private dayNamed(name: string): Day {
    for (const day of this.tallies.keys()) if (day.name === name) return day;
    const day = { name, startsAt: Date.parse(name) };
    this.tallies.set(day, new Map());
    return day;
  }

  private tallyOf(day: Day, tokenId: string): Tally {
    const tallies = this.tallies.get(day) as Map<string, Tally>;
    const known = tallies.get(tokenId);
    if (known) return known;
    const fresh: Tally = {
      day,
      tokenId,
      allowed: 0,
      denied: 0,
      lastAccessAt: null,
      lastIp: null,
      lastUserAgent: null,
      digest: null,
      usedAt: 0,
      otherUses: null,
    };
    tallies.set(tokenId, fresh);
    return fresh;
  }
}

function noteAccess(tally: Tally, at: number, { ip, userAgent }: UsageOrigin): void {
  tally.lastAccessAt = at;
  tally.lastIp = ip;
  tally.lastUserAgent = userAgent;
}

function noteUse(tally: Tally, digest: string, at: number): void {
  if (tally.digest !== digest) {
    tally.otherUses ??= new Map();
    if (tally.digest !== null) tally.otherUses.set(tally.digest, tally.usedAt);
    tally.digest = digest;
    tally.usedAt = tally.otherUses.get(digest) ?? at;
    tally.otherUses.delete(digest);
  }
  if (at > tally.usedAt) tally.usedAt = at;
}

function* usagesOf(tallies: Iterable<Tally>): Generator<Usage> {
  for (const tally of tallies) {
    const { day, tokenId, allowed, denied, lastAccessAt, digest, usedAt, otherUses } = tally;
    const uses: [string, number][] = digest === null ? [] : [[digest, usedAt], ...(otherUses ?? [])];
    yield {
      tokenId,
      day: day.name,
      allowed,
      denied,
      lastAccessAt: lastAccessAt === null ? null : day.startsAt + lastAccessAt,
      lastOrigin: { ip: tally.lastIp, userAgent: tally.lastUserAgent },
      lastUse: uses.map(([digest, at]) => ({ digest, at: day.startsAt + at })),
    };
  }
}
