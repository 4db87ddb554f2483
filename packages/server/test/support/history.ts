import fc from "fast-check";
import type { Client, Data } from "./client.js";
import {
  type ActorKind,
  actions,
  after,
  answerTo,
  checkOf,
  type Limits,
  names,
  type State,
  type Wish,
} from "./life-cycle-model.js";
import { modules } from "./platform.js";
import type { TestServer } from "./test-server.js";

// Several concurrent actors on a few tokens: their requests, times and responses.

export interface Actor {
  kind: ActorKind;
  /** Identifies the actor in each record, even if a person acts twice at once. */
  agent: string;
  client: Client;
}

/** One step of an actor. `token` is an index into the tokens existing at that time. */
export const anyStep = fc.record({
  action: fc.oneof(
    { weight: 4, arbitrary: fc.constant("CHECK" as const) },
    { weight: 6, arbitrary: fc.constantFrom(...actions) },
    { weight: 1, arbitrary: fc.constant("CREATE" as const) },
    { weight: 2, arbitrary: fc.constantFrom("ENABLE" as const, "DISABLE" as const) },
    { weight: 3, arbitrary: fc.constant("EDIT" as const) },
  ),
  token: fc.nat(3),
  value: fc.nat(5),
  withVersion: fc.boolean(),
  overlap: fc.boolean(),
  limits: fc.record({ hasRange: fc.boolean(), hasRate: fc.boolean() }, { requiredKeys: [] }),
  isInRange: fc.boolean(),
});
export type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** A requested change. Moments are numbered in order. */
interface Change {
  tokenId: string;
  by: Actor;
  wish: Wish | "CREATE";
  began: number;
  ended: number;
  answer: string;
  told: Data;
  value: string | null;
}

interface Check {
  tokenId: string;
  value: string;
  isInRange: boolean;
  began: number;
  ended: number;
  answer: string;
}

/** Of all tokens with a range. */
const ipRange = "203.0.113.0/24";
const rateLimit = { requests: 1_000, perSeconds: 1 };

const mutationOf = {
  EDIT: "updateApiToken",
  ENABLE: "enableApiToken",
  DISABLE: "disableApiToken",
  DELETE: "deleteApiToken",
  REVEAL: "revealApiToken",
  ROTATE: "rotateApiToken",
  END_ROTATION: "endApiTokenRotation",
} as const;

export class History {
  readonly changes: Change[] = [];
  readonly checks: Check[] = [];
  private readonly tokens: string[] = [];
  private readonly values = new Map<string, string[]>();
  private readonly versions = new Map<string, number>();
  private moment = 0;
  private count = 0;

  constructor(
    private readonly server: TestServer,
    private readonly mutations: Record<string, string>,
  ) {}

  async play(actors: Actor[], scripts: Step[][]): Promise<void> {
    const [first] = actors;
    if (!first) return;
    await this.create(first);
    await this.create(first);
    const play = async (by: Actor, script: Step[]) => {
      for (const step of script) await this.take(by, step);
    };
    await Promise.all(actors.map((by, index) => play(by, scripts[index] ?? [])));
  }

  private async take(by: Actor, step: Step): Promise<void> {
    const { action, token, value, withVersion, overlap, limits, isInRange } = step;
    const tokenId = this.tokens[token % this.tokens.length] ?? "";
    if (action === "CREATE") return this.create(by);
    if (action === "CHECK") {
      const known = this.values.get(tokenId) ?? [];
      return this.check(tokenId, known[value % known.length] ?? "", isInRange);
    }
    const version = withVersion ? (this.versions.get(tokenId) ?? null) : null;
    return this.change(by, tokenId, { action, version, name: `Name ${++this.count}`, overlap, limits });
  }

  private async create(by: Actor): Promise<void> {
    const name = `Name ${++this.count}`;
    await this.ask(by, null, "CREATE", "createApiToken", { name, moduleIds: [modules.accessManagement] });
  }

  private change(by: Actor, tokenId: string, wish: Wish): Promise<void> {
    const { action, version, name, overlap, limits } = wish;
    const more = {
      ...(action === "EDIT" && { name, version, ...inputOf(limits) }),
      ...(action === "ROTATE" && { version, overlapSeconds: overlap ? 3_600 : 0 }),
      ...(action === "REVEAL" && { purpose: "SHOW" }),
    };
    return this.ask(by, tokenId, wish, mutationOf[action], { id: tokenId, ...more });
  }

  private async ask(by: Actor, id: string | null, wish: Change["wish"], mutation: string, input: object) {
    const began = ++this.moment;
    const { data, errors } = await by.client.ask(this.mutations[mutation] ?? "", { input });
    const ended = ++this.moment;
    const told = data?.[mutation] ?? null;
    const answer = errors[0]?.extensions.code ?? told?.userErrors[0]?.code ?? "done";
    const tokenId: string = id ?? told?.apiToken?.id ?? "";
    const value = told?.value ?? null;
    this.changes.push({ tokenId, by, wish, began, ended, answer, told: told?.apiToken ?? null, value });
    if (id === null && tokenId) this.tokens.push(tokenId);
    if (value) this.values.set(tokenId, [...new Set([...(this.values.get(tokenId) ?? []), value])]);
    if (told?.apiToken) this.versions.set(tokenId, told.apiToken.version);
  }

  private async check(tokenId: string, value: string, isInRange: boolean): Promise<void> {
    const began = ++this.moment;
    const ip = isInRange ? "203.0.113.5" : "198.51.100.5";
    const { status, headers } = await this.server.program(value).with({ "X-Forwarded-For": ip }).fetch("/authorize");
    const answer = status === 200 && headers.has("ratelimit-policy") ? "200, with a rate limit" : String(status);
    this.checks.push({ tokenId, value, isInRange, began, ended: ++this.moment, answer });
  }

  /** Checks every value ever issued, at the end. */
  async checkAll(): Promise<void> {
    for (const [tokenId, values] of this.values)
      for (const value of values) for (const isInRange of [true, false]) await this.check(tokenId, value, isInRange);
  }

  /** Mismatches of the responses, the trail and the final state with any single order of events. */
  async faults(reader: Client): Promise<string[]> {
    const faults: string[] = [];
    for (const tokenId of this.tokens) {
      const trail = await this.server.trail(reader, { objectIds: [tokenId] });
      const told = this.changes.filter((change) => change.tokenId === tokenId);
      const order = inOrder(told, trail, faults);
      const states = replay(order, faults);
      for (const change of told.filter(({ answer }) => answer !== "done")) judgeRefusal(change, order, states, faults);
      for (const check of this.checks.filter((each) => each.tokenId === tokenId)) {
        const { value, isInRange, answer } = check;
        const possible = statesDuring(check, order, states).map((state) => checkOf(state, value, isInRange));
        if (!possible.includes(answer)) faults.push(`A check of ${tokenId} said ${answer}, could be ${possible}`);
      }
      await judgeEnd(reader, tokenId, states.at(-1), faults);
    }
    return faults;
  }
}

const inputOf = ({ hasRange, hasRate }: Partial<Limits>) => ({
  ...(hasRange !== undefined && { ipRanges: hasRange ? [ipRange] : [] }),
  ...(hasRate !== undefined && { rateLimit: hasRate ? rateLimit : null }),
});

const actionOf = ({ wish }: Change) => (wish === "CREATE" ? "CREATE" : wish.action);

/** The acknowledged changes in the order of their records. Each must have exactly one, by its actor. */
function inOrder(told: Change[], trail: Data[], faults: string[]): Change[] {
  const waiting = told.filter(({ answer }) => answer === "done").toSorted((a, b) => a.began - b.began);
  const order = trail.flatMap(({ event, userAgent }: Data) => {
    const at = waiting.findIndex(({ by }) => by.agent === userAgent);
    const [change] = at < 0 ? [] : waiting.splice(at, 1);
    if (change && names[actionOf(change)].record === event) return [change];
    faults.push(`The trail has ${event} by ${userAgent}, who did ${change ? actionOf(change) : "nothing more"}`);
    return [];
  });
  for (const change of waiting) faults.push(`${actionOf(change)} was acknowledged and has no record`);
  for (const [later, change] of order.entries())
    for (const earlier of order.slice(0, later))
      if (earlier.began > change.ended) faults.push(`${actionOf(earlier)} began later than its record says`);
  return order;
}

/** The token after each change. Each change must be allowed in the state before it. */
function replay(order: Change[], faults: string[]): State[] {
  const states: State[] = [];
  for (const change of order) {
    const { wish, told, value, by } = change;
    const before = states.at(-1);
    if (wish === "CREATE" || !before) {
      const { name, version } = told;
      states.push({
        status: "ACTIVE",
        name,
        version,
        current: value ?? "",
        previous: null,
        kinds: ["CREATED"],
        disabledBy: null,
        limits: { hasRange: false, hasRate: false },
      });
      continue;
    }
    const answer = answerTo(before, by.kind, wish);
    if (answer !== "done") faults.push(`${wish.action} by ${by.agent} was done when it was ${answer}`);
    const state = after(before, by.kind, wish, value);
    states.push(state);
    if (wish.action === "REVEAL" && value !== state.current) faults.push("A reveal gave another value");
    if (told && (told.status !== state.status || told.version !== state.version || told.name !== state.name))
      faults.push(`${wish.action} told ${told.status} ${told.version} ${told.name}, not ${JSON.stringify(state)}`);
  }
  return states;
}

/** The states the token may have had between these moments. */
function statesDuring({ began, ended }: { began: number; ended: number }, order: Change[], states: State[]): State[] {
  const first = order.findLastIndex((change) => change.ended < began);
  const beyond = order.findIndex((change) => change.began > ended);
  return states.slice(Math.max(first, 0), beyond < 0 ? undefined : beyond);
}

function judgeRefusal(change: Change, order: Change[], states: State[], faults: string[]): void {
  const { wish, by, answer } = change;
  if (wish === "CREATE") {
    faults.push(`A creation was answered ${answer}`);
    return;
  }
  const during = statesDuring(change, order, states);
  const possible = during.map((state) => answerTo(state, by.kind, wish));
  // Another change came between reading and writing.
  if (during.length > 1) possible.push("VERSION_CONFLICT");
  if (!possible.includes(answer)) faults.push(`${wish.action} by ${by.agent} was ${answer}, could be ${possible}`);
}

async function judgeEnd(reader: Client, id: string, state: State | undefined, faults: string[]): Promise<void> {
  const document = `query ($id: ID!) { viewer { account { type } }
      apiToken(id: $id) { status name version previousValueExpiresAt events { kind } ipRanges rateLimit { requests } } }`;
  const { apiToken, viewer }: Data = await reader.data(document, { id });
  const isGone = state?.status === "DELETED" && viewer.account.type !== "OPERATIONS";
  const seen = apiToken && {
    status: apiToken.status,
    name: apiToken.name,
    version: apiToken.version,
    previousValueExpiresAt: apiToken.previousValueExpiresAt !== null,
    events: apiToken.events.map(({ kind }: Data) => kind).toSorted(),
    limits: { hasRange: apiToken.ipRanges.includes(ipRange), hasRate: apiToken.rateLimit !== null },
  };
  const expected = state && {
    status: state.status,
    name: state.name,
    version: state.version,
    previousValueExpiresAt: state.previous !== null && state.status !== "DELETED",
    events: state.kinds.toSorted(),
    limits: { hasRange: state.limits.hasRange, hasRate: state.limits.hasRate },
  };
  if (JSON.stringify(seen) !== JSON.stringify(isGone ? null : expected))
    faults.push(`In the end ${id} is ${JSON.stringify(seen)}, not ${JSON.stringify(expected)}`);
}
