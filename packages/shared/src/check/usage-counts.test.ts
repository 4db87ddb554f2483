import fc from "fast-check";
import type { UsageOrigin, UsedValue } from "./types.js";
import { UsageCounts } from "./usage-counts.js";
import type { Usage } from "./verifier-protocol.js";

const midnight = Date.parse("2026-03-02");
const id = "TKN-0000-0001";
const ids = [id, "TKN-0000-0002"];
const digests = ["first", "second"];

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const originOf = (number: number): UsageOrigin => ({ ip: `192.0.2.${number}`, userAgent: null });
const usagesOf = (counts: UsageCounts) => [...counts.days()].flatMap((usages) => [...usages]);

type Step =
  | { what: "allowed"; id: string; digest: string }
  | { what: "denied"; id: string }
  | { what: "evict" | "take" | "put back" }
  | { what: "time passes"; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant("allowed" as const),
      id: fc.constantFrom(...ids),
      digest: fc.constantFrom(...digests),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("denied" as const), id: fc.constantFrom(...ids) }) },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constantFrom("evict" as const, "take" as const, "put back" as const) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant("time passes" as const), ms: fc.constantFrom(999, 86_400_000) }),
  },
);

/** What was checked, one by one, and its counts: taken every now and then, and put back if writing them failed. */
class World {
  /** Every check is at another time. */
  now = midnight - 1_000;
  readonly checks: { id: string; at: number; digest: string | null; origin: UsageOrigin }[] = [];
  private counts = new UsageCounts();
  private taken: Usage[] = [];
  private warm = new Map<string, UsedValue>();

  take(step: Step): void {
    this.now++;
    if (step.what === "allowed") this.allow(step.id, step.digest);
    else if (step.what === "denied") this.deny(step.id);
    else if (step.what === "time passes") this.now += step.ms;
    else if (step.what === "evict") this.warm.clear();
    else if (step.what === "put back") for (const usage of this.taken.splice(0)) this.counts.add(usage);
    else {
      this.taken.push(...usagesOf(this.counts));
      this.counts = new UsageCounts();
    }
  }

  private allow(tokenId: string, digest: string): void {
    const used = this.warm.get(tokenId + digest) ?? { tokenId, digest };
    this.warm.set(tokenId + digest, used);
    const origin = originOf(this.checks.length);
    this.counts.allowed(used, this.now, origin);
    this.checks.push({ id: tokenId, at: this.now, digest, origin });
  }

  private deny(tokenId: string): void {
    this.counts.denied(tokenId, this.now);
    this.checks.push({ id: tokenId, at: this.now, digest: null, origin: originOf(0) });
  }

  total(): UsageCounts {
    const total = new UsageCounts();
    for (const usage of [...this.taken, ...usagesOf(this.counts)]) total.add(usage);
    return total;
  }

  expected(tokenId: string, day: string): Usage | null {
    const checks = this.checks.filter(({ id, at }) => id === tokenId && dayOf(at) === day);
    if (checks.length === 0) return null;
    const allowed = checks.filter(({ digest }) => digest !== null);
    const lastUse = digests.flatMap((digest) => {
      const last = allowed.findLast((each) => each.digest === digest);
      return last ? [{ digest, at: last.at }] : [];
    });
    const { at = null, origin = { ip: null, userAgent: null } } = allowed.at(-1) ?? {};
    const counts = { allowed: allowed.length, denied: checks.length - allowed.length };
    return { tokenId, day, ...counts, lastAccessAt: at, lastOrigin: origin, lastUse };
  }
}

const inOrder = (usage: Usage): Usage => ({
  ...usage,
  lastUse: usage.lastUse.toSorted((a, b) => digests.indexOf(a.digest) - digests.indexOf(b.digest)),
});

describe("Usage counts", () => {
  test("Every check is counted once, on its day, whatever is evicted, taken or put back meanwhile", () => {
    const property = fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const world = new World();
      for (const each of steps) world.take(each);
      const total = world.total();
      const usages = usagesOf(total).map(inOrder);
      for (const usage of usages) expect(usage).toEqual(world.expected(usage.tokenId, usage.day));
      expect(new Set(usages.map(({ tokenId, day }) => tokenId + day)).size).toBe(usages.length);
      const sum = usages.reduce((sum, { allowed, denied }) => sum + allowed + denied, 0);
      expect(sum).toBe(world.checks.length);
      for (const each of ids) {
        const last = world.checks.findLast(({ id, digest }) => id === each && digest !== null);
        expect(total.lastAccess(each)).toEqual(last ? { at: last.at, origin: last.origin } : null);
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  test("With the clock set back, a check is counted but moves no last access back", () => {
    const counts = new UsageCounts();
    const used: UsedValue = { tokenId: id, digest: "first" };
    counts.allowed(used, midnight + 2_000, originOf(1));
    counts.allowed(used, midnight + 1_000, originOf(2));
    counts.allowed(used, midnight - 1, originOf(3));
    expect(usagesOf(counts).map(({ day, allowed, lastAccessAt }) => ({ day, allowed, lastAccessAt }))).toEqual([
      { day: "2026-03-02", allowed: 2, lastAccessAt: midnight + 2_000 },
      { day: "2026-03-01", allowed: 1, lastAccessAt: midnight - 1 },
    ]);
    expect(counts.lastAccess(id)).toEqual({ at: midnight + 2_000, origin: originOf(1) });
  });

  test("A last access reported for a day that has not begun here is kept", () => {
    const counts = new UsageCounts();
    const usage: Usage = {
      ...{ tokenId: id, day: "2026-03-02", allowed: 1, denied: 0 },
      ...{ lastAccessAt: midnight - 1, lastOrigin: originOf(1), lastUse: [{ digest: "first", at: midnight - 1 }] },
    };
    counts.add(usage);
    expect(usagesOf(counts)).toEqual([usage]);
    expect(counts.lastAccess(id)).toEqual({ at: midnight - 1, origin: originOf(1) });
  });
});
