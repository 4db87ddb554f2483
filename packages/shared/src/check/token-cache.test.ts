import fc from "fast-check";
import { applyChange, closeGaps, type Gap } from "./changes.js";
import { createTokenCache, revocationBoundMs } from "./token-cache.js";
import type { ChainLink, TokenCache, TokenSnapshot } from "./types.js";

const propertyRuns = (usual: number) => Number(process.env.HALLPASS_PROPERTY_RUNS || usual);

const digestOf = (id: Id) => `digest of ${id}`;
const account = { id: "ACC-0001-0002", name: "Client", type: "CLIENT" } as const;
const ids = ["TKN-0000-0001", "TKN-0000-0002"] as const;
type Id = (typeof ids)[number];
type Record = Gap["records"][number];

/** Possible steps, in any order. `pick` chooses one of the reads in progress. */
type Step =
  | { what: "ask" | "change here" | "change elsewhere"; id: Id }
  | { what: "account changes here" | "account changes elsewhere" | "message arrives" | "look begins" | "look ends" }
  | { what: "database reads" | "answer arrives" | "read fails"; pick: number }
  | { what: "backup" | "restore" }
  | { what: "time passes"; ms: number };

interface Read {
  id: Id;
  snapshot?: TokenSnapshot | null;
  settle(snapshot: TokenSnapshot | null): void;
  fail(error: Error): void;
}

/** A database with an audit trail and another process, as seen by the cache, and a clock set by hand. */
class World {
  now = 0;
  reads: Read[] = [];
  readonly cache: TokenCache;
  /** Stale answers of the cache. */
  readonly broken: string[] = [];
  private versions = new Map<Id, number>();
  private trail: Record[] = [];
  private backup: { versions: Map<Id, number>; trail: Record[] } = { versions: new Map(), trail: [] };
  private readonly messages: string[] = [];
  /** Numbers versions and records, so that no two are alike in any history. */
  private count = 0;
  /** By token and version: when it became stale, and whether this process made the change. */
  private readonly ended = new Map<string, { at: number; here: boolean }>();
  private look: { at: number; gaps: Gap[] } | null = null;

  constructor(maxEntries = 10) {
    const read = (id: string) =>
      new Promise<TokenSnapshot | null>((settle, fail) => void this.reads.push({ id: id as Id, settle, fail }));
    this.cache = createTokenCache({ reader: { read }, maxEntries, clock: () => this.now });
  }

  async run(steps: Step[]): Promise<void> {
    for (const step of steps) {
      this.take(step);
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
    }
  }

  private take(step: Step): void {
    if (step.what === "time passes") this.now += step.ms;
    else if (step.what === "ask") this.ask(step.id);
    else if (step.what === "change here" || step.what === "change elsewhere")
      this.change(step.id, [step.id], step.what === "change here");
    else if (step.what === "account changes here" || step.what === "account changes elsewhere")
      this.change(account.id, [...ids], step.what === "account changes here");
    else if (step.what === "message arrives") this.apply(this.messages.shift());
    else if (step.what === "backup") this.backup = { versions: new Map(this.versions), trail: [...this.trail] };
    else if (step.what === "restore") this.restore();
    else if (step.what === "look begins") this.look ??= { at: this.now, gaps: this.gaps() };
    else if (step.what === "look ends") this.endLook();
    else if ("pick" in step) this.settle(step.what, step.pick);
  }

  private ask(id: Id): void {
    const warm = this.cache.getByDigest(digestOf(id));
    if (warm) this.check(id, warm.snapshot);
    const answer = this.cache.get(id);
    if (answer instanceof Promise)
      answer.then(
        (snapshot) => this.check(id, snapshot),
        () => {},
      );
    else this.check(id, answer);
  }

  private check(id: Id, snapshot: TokenSnapshot | null): void {
    const version = snapshot ? Number(snapshot.name) : 0;
    const end = this.ended.get(`${id} ${version}`);
    if (end?.here) this.broken.push(`${id} as it was before a change that this process has acknowledged`);
    else if (end && version > 0 && this.now - end.at > revocationBoundMs)
      this.broken.push(`${id} as it was ${this.now - end.at} ms ago`);
  }

  /** Commits a change. Made here, it evicts at once. Made elsewhere, it sends a message that may or may not arrive. */
  private change(objectId: string, changed: Id[], here: boolean): void {
    for (const id of changed) {
      const version = this.versions.get(id) ?? 0;
      if (objectId === account.id && version === 0) continue;
      this.ended.set(`${id} ${version}`, { at: this.now, here });
      this.versions.set(id, ++this.count);
    }
    const event = objectId === account.id ? "account.modules_changed" : "api_token.updated";
    this.trail.push({ sequence: this.trail.length + 1, hash: String(++this.count), event, objectId, at: new Date() });
    if (here) this.apply(objectId);
    else this.messages.push(objectId);
  }

  /** Restores the backup: later changes are undone, and the versions of that time are current again. */
  private restore(): void {
    for (const id of ids) {
      const [now = 0, then = 0] = [this.versions.get(id), this.backup.versions.get(id)];
      if (now === then) continue;
      this.ended.set(`${id} ${now}`, { at: this.now, here: false });
      this.ended.delete(`${id} ${then}`);
    }
    this.versions = new Map(this.backup.versions);
    this.trail = [...this.backup.trail];
  }

  private apply(objectId: string | undefined): void {
    if (objectId) applyChange(this.cache, { accountId: account.id, objectId });
  }

  private get head(): ChainLink {
    return this.trail.at(-1) ?? { sequence: 0, hash: "0" };
  }

  private gaps(): Gap[] {
    return [...this.cache.heads].flatMap(([accountId, known]) => {
      const stored = this.head;
      if (stored.sequence === known.sequence && stored.hash === known.hash) return [];
      const records = this.trail.filter(({ sequence }) => sequence >= known.sequence);
      return { accountId, known, stored, records: stored.sequence > known.sequence ? records : [] };
    });
  }

  private endLook(): void {
    if (!this.look) return;
    const { at, gaps } = this.look;
    this.look = null;
    closeGaps(this.cache, gaps);
    this.cache.confirm(at);
  }

  private settle(what: string, pick: number): void {
    const read = this.reads[pick % this.reads.length];
    if (!read) return;
    if (what === "database reads") read.snapshot ??= this.snapshotOf(read.id);
    else {
      this.reads = this.reads.filter((each) => each !== read);
      if (what === "read fails") read.fail(new Error("The database is away."));
      else read.settle(read.snapshot === undefined ? this.snapshotOf(read.id) : read.snapshot);
    }
  }

  private snapshotOf(id: Id): TokenSnapshot | null {
    const version = this.versions.get(id);
    if (!version) return null;
    const limits = { ipRanges: [], isAllowedFrom: null, rateLimit: null };
    const snapshot = {
      ...limits,
      moduleIds: [],
      scope: "",
      values: [{ digest: digestOf(id), validUntil: null }],
      expiresAt: null,
      createdAt: 0,
      answer: null,
      status: "ACTIVE" as const,
    };
    return { ...snapshot, id, name: String(version), account, accountIsClosed: false, head: this.head };
  }
}

const some = <What extends string>(...what: What[]) => ({ what: fc.constantFrom(...what) });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ ...some("ask"), id: fc.constantFrom(...ids) }) },
    { weight: 3, arbitrary: fc.record({ ...some("change here", "change elsewhere"), id: fc.constantFrom(...ids) }) },
    { weight: 1, arbitrary: fc.record(some("account changes here", "account changes elsewhere", "message arrives")) },
    { weight: 4, arbitrary: fc.record(some("look begins", "look ends")) },
    { weight: 8, arbitrary: fc.record({ ...some("database reads", "answer arrives"), pick: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record(some("backup", "restore", "restore")) },
    { weight: 1, arbitrary: fc.record({ ...some("read fails"), pick: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ ...some("time passes"), ms: fc.constantFrom(1, 250, 600) }) },
  ),
  { minLength: 1, maxLength: 60, size: "max" },
);

describe("Token cache", () => {
  const [first, second] = ids;

  test("No snapshot is older than this process's acknowledged changes, or than the bound for those of others", async () => {
    const property = fc.asyncProperty(steps, async (taken) => {
      const world = new World();
      await world.run(taken);
      expect(world.broken).toEqual([]);
    });
    await fc.assert(property, { numRuns: propertyRuns(500) });
  });

  test("A token read ahead of the change feed is evicted when a restore replaces the records in between", async () => {
    const world = new World();
    const answer: Step[] = [{ what: "answer arrives", pick: 0 }];
    await world.run([
      { what: "change elsewhere", id: first },
      { what: "ask", id: first },
      ...answer,
      { what: "backup" },
      { what: "change elsewhere", id: second },
      { what: "ask", id: second },
      ...answer,
      { what: "restore" },
      { what: "change elsewhere", id: first },
      { what: "look begins" },
      { what: "look ends" },
      { what: "time passes", ms: 600 },
      { what: "look begins" },
      { what: "look ends" },
      { what: "time passes", ms: 600 },
      { what: "ask", id: second },
    ]);
    expect(world.broken).toEqual([]);
  });

  const passes = (ms: number): Step => ({ what: "time passes", ms });
  const [begins, ends]: Step[] = [{ what: "look begins" }, { what: "look ends" }];
  const ask: Step = { what: "ask", id: first };
  const answer: Step = { what: "answer arrives", pick: 0 };
  /** Whether the token must be read again after these steps. */
  async function isStaleAfter(...taken: (Step | undefined)[]): Promise<boolean> {
    const world = new World();
    await world.run([{ what: "change here", id: first }, ask, ...taken.filter((step) => step !== undefined), ask]);
    return world.reads.length > 0;
  }

  test("A token is used for a second after it was read, and no longer", async () => {
    expect(await isStaleAfter(answer, passes(900))).toBe(false);
    expect(await isStaleAfter(answer, passes(1_001))).toBe(true);
  });

  test("A confirmation by the change feed lasts a second from when the look began", async () => {
    const confirmed = [answer, passes(500), begins, passes(400), ends];
    expect(await isStaleAfter(...confirmed, passes(500))).toBe(false);
    expect(await isStaleAfter(...confirmed, passes(700))).toBe(true);
  });

  test("A look that began before a token was stored does not confirm it", async () => {
    const before = [passes(500), begins, passes(100), answer, ends];
    expect(await isStaleAfter(...before, passes(300))).toBe(false);
    expect(await isStaleAfter(...before, passes(500))).toBe(true);
  });

  test("A token is read again once it is five minutes old, whatever the change feed says", async () => {
    const world = new World();
    await world.run([{ what: "change here", id: first }, ask, answer]);
    const looks = Array.from({ length: 5 * 60 * 2 }, (): Step[] => [
      { what: "time passes", ms: 500 },
      { what: "look begins" },
      { what: "look ends" },
      ask,
    ]);
    await world.run(looks.flat());
    expect(world.reads.map(({ id }) => id)).toEqual([first]);
  });

  test("A read slower than the change feed is not cached once the feed has moved past it", async () => {
    const world = new World();
    const look: Step[] = [{ what: "time passes", ms: 250 }, { what: "look begins" }, { what: "look ends" }];
    await world.run([
      { what: "change elsewhere", id: first },
      { what: "change elsewhere", id: second },
      { what: "ask", id: first },
      { what: "database reads", pick: 0 },
      { what: "change elsewhere", id: first },
      // Another token, read after the change, brings the account into the cache.
      { what: "ask", id: second },
      { what: "answer arrives", pick: 1 },
      { what: "answer arrives", pick: 0 },
      ...[look, look, look, look, look].flat(),
      { what: "ask", id: first },
    ]);
    expect(world.broken).toEqual([]);
  });
});
