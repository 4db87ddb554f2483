import { createHash } from "node:crypto";
import fc from "fast-check";
import { formatTokenValue } from "../token-value.js";
import { type CheckContext, decideOnHeader, whyDenied } from "./decide.js";
import { createLocalBuckets } from "./token-buckets.js";
import { createTokenCache } from "./token-cache.js";
import type { TokenSnapshot } from "./types.js";
import { UsageCounts } from "./usage-counts.js";

const id = "TKN-1234-5678";
const value = formatTokenValue(id, "a".repeat(32));
const digest = createHash("sha256").update(value).digest("hex");
const origin = { ip: "192.0.2.1", userAgent: null };
const modules = ["MOD-1310", "MOD-1320"];
const second = 1_800_000_000_000;
/** Around the end of a second, and after the largest time kept as a small integer. */
const time = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: second - 1_001, max: second + 1_001 }) },
  { weight: 1, arbitrary: fc.constant(2 ** 31 * 1000 + 1) },
);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
/** Most tokens have nothing special, so that most are decided on without the exact decision. */
const mostly = <T>(usual: T, special: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: special });

const tokens = fc.record({
  status: mostly<"ACTIVE" | "DISABLED">("ACTIVE", fc.constant("DISABLED")),
  accountIsClosed: mostly(false, fc.constant(true)),
  isAllowedFrom: mostly<((ip: string | null) => boolean) | null>(
    null,
    fc.constantFrom<string | null>(origin.ip, null).map((allowed) => (ip: string | null) => ip === allowed),
  ),
  rateLimit: mostly<{ requests: number; perSeconds: number } | null>(
    null,
    fc.constant({ requests: 1, perSeconds: 60 }),
  ),
  moduleIds: fc.subarray(modules),
  expiresAt: orNull(time),
  validUntil: orNull(time),
});

describe("Decision", () => {
  test("A warm token is decided on as one that was just read, to the millisecond", async () => {
    const property = fc.asyncProperty(tokens, time, fc.subarray(modules), async (drawn, now, needed) => {
      const { validUntil, ...rest } = drawn;
      const snapshot: TokenSnapshot = {
        ...{ id, name: "Token", account: { id: "ACC-0001-0002", name: "Client", type: "CLIENT" }, ipRanges: [] },
        ...{ scope: rest.moduleIds.join(" "), createdAt: 0, head: { sequence: 1, hash: "1" }, answer: null },
        ...rest,
        values: [{ digest, validUntil }],
      };
      const usage = new UsageCounts();
      const app: CheckContext = {
        tokens: createTokenCache({ reader: { read: async () => snapshot }, maxEntries: 1, clock: () => 0 }),
        usage,
        buckets: createLocalBuckets(1),
        metrics: { checks: {} },
        now: () => new Date(now),
      };
      await app.tokens.get(id);
      expect(app.tokens.getByDigest(digest)?.snapshot).toBe(snapshot);
      const decide = () => decideOnHeader(app, `Bearer ${value}`, origin, needed);
      const reason = whyDenied(snapshot, digest, now, needed, origin.ip);
      const wanted = reason
        ? { good: false, reason }
        : { good: true, digest, token: snapshot, bucket: snapshot.rateLimit && expect.anything() };
      expect(decide()).toMatchObject(wanted);
      const limited = { good: false, reason: "rate_limited" };
      expect(decide()).toMatchObject(reason === null && snapshot.rateLimit ? limited : wanted);
      const [counted] = [...usage.days()].flatMap((usages) => [...usages]);
      const allowed = reason ? 0 : snapshot.rateLimit ? 1 : 2;
      expect(counted).toMatchObject({ tokenId: id, allowed, denied: 2 - allowed });
    });
    await fc.assert(property, { numRuns: 500 });
  });
});
