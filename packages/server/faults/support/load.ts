import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "./ledger.js";
import { boundMs } from "./scale.js";
import { signIn, type Tenant } from "./tenants.js";
import { Value } from "./values.js";
import { Writer } from "./writer.js";

const checkLimitMs = 5_000;
const askersPerProcess = 4;

/** Concurrent changes and checks in several tenants. Every promise about checks is verified during the load. */
export class Load {
  isOver = false;
  /** Changes without a response so far. */
  losses = 0;
  /** When the database became unavailable, by the load's clock. Null while it is available. */
  awaySince: number | null = null;
  /** Requests to a gateway, and how many of them it could not answer. */
  readonly gateway = { asked: 0, failed: 0 };
  readonly complaints: string[] = [];
  readonly counts = { refused: 0, passed: 0, away: 0, canaries: 0 };
  readonly violations = { refused: 0, passed: 0, away: 0, canaries: 0 };
  /** Everything that must never be stored in the clear: values and session cookies. */
  readonly secrets = new Set<string>();
  private readonly doneByProcess: { changes: number; passes: number }[] = [];
  private readonly writers: Writer[] = [];
  private lastChangeAt = performance.now();
  private longestStopMs = 0;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    readonly ledger: Ledger,
    private readonly urls: string[],
  ) {}

  /** Starts a writer for each person, spread over the processes. */
  async start(tenants: Tenant[]): Promise<void> {
    const { urls, writers } = this;
    for (const tenant of tenants)
      for (const [index, { email }] of tenant.people.entries()) {
        const at = writers.length % urls.length;
        const client = await signIn(urls[at] ?? "", email);
        for (const cookie of client.cookies.values()) this.secrets.add(cookie);
        writers.push(new Writer(this, tenant, `writer ${index}`, at, client));
      }
    const askers = urls.flatMap((_, at) => Array.from({ length: askersPerProcess }, () => this.askOn(at)));
    this.running = Promise.all([...writers.map((writer) => writer.run()), ...askers]);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  complain(text: string): void {
    this.complaints.push(text);
  }

  newValue(facts: ConstructorParameters<typeof Value>[0]): Value {
    this.secrets.add(facts.text);
    return new Value(facts);
  }

  values(): Value[] {
    return this.writers.flatMap((writer) => writer.values());
  }

  /** ID of a token of another tenant. */
  tokenOfAnother(tenant: Tenant): string | undefined {
    const others = this.values().filter((value) => value.tenant !== tenant);
    return others[randomInt(Math.max(1, others.length))]?.token;
  }

  acknowledge(at: number): void {
    this.doneBy(at).changes++;
    const now = performance.now();
    this.longestStopMs = Math.max(this.longestStopMs, now - this.lastChangeAt);
    this.lastChangeAt = now;
  }

  /** The longest time without an acknowledged change at any process since the last call, in ms. */
  takeLongestStop(): number {
    const ms = Math.max(this.longestStopMs, performance.now() - this.lastChangeAt);
    this.longestStopMs = 0;
    return ms;
  }

  /** The changes the process has acknowledged and the checks it has allowed so far. */
  done(at: number): { changes: number; passes: number } {
    return { ...this.doneBy(at) };
  }

  private doneBy(at: number) {
    const known = this.doneByProcess[at] ?? { changes: 0, passes: 0 };
    this.doneByProcess[at] = known;
    return known;
  }

  /** Counts a response to a tenant, and reports other tenants' canaries in it. */
  examine(text: string, strangers: string[]): void {
    if (text.length > 0) this.counts.canaries++;
    if (strangers.length === 0) return;
    this.violations.canaries++;
    this.complain(`An answer had ${strangers.join(", ")} of another tenant in it.`);
  }

  /** Waits up to a second until the process is ready. */
  async comesBack(at: number): Promise<void> {
    const limit = performance.now() + 1_000;
    while (!this.isOver && performance.now() < limit && !(await isReady(this.urls[at] ?? ""))) await sleep(25);
  }

  private async askOn(at: number): Promise<void> {
    while (!this.isOver) {
      const values = this.values();
      const value = values[randomInt(Math.max(1, values.length))];
      const answered = value && (await this.check(value, at));
      await sleep(answered ? randomInt(2, 10) : 50);
    }
  }

  /** Asks a gateway in front of all processes, with one valid value after the other. */
  async askGateway(url: string): Promise<void> {
    while (!this.isOver) {
      const good = this.values().filter((value) => value.known === "good");
      const value = good[randomInt(Math.max(1, good.length))];
      if (value) {
        const answer = await fetch(url, {
          headers: { Authorization: `Bearer ${value.text}` },
          signal: AbortSignal.timeout(checkLimitMs),
        }).catch(() => null);
        await answer?.arrayBuffer();
        this.gateway.asked++;
        if (!answer || answer.status >= 500) this.gateway.failed++;
      }
      await sleep(randomInt(2, 10));
    }
  }

  /** Checks a value and compares the status with what is known of it. False if there was no response. */
  async check(value: Value, at: number): Promise<boolean> {
    const { epoch, known, since, by, endsAt, endSince } = value;
    const { awaySince } = this;
    const asked = { at: performance.now(), date: Date.now() };
    const answer = await this.authorize(value.text, at);
    if (!answer) return false;
    const { status } = answer;
    if (status === 200) this.doneBy(at).passes++;
    if (answer.account !== null && answer.account !== value.tenant.account)
      this.complain(`A check of ${value.token} named the account ${answer.account}.`);

    const isKnownSince = (time: number) => asked.at - time > (by === at ? 0 : boundMs);
    const isUnchanged = value.epoch === epoch && isKnownSince(since);
    const hasEnded = asked.date >= endsAt && isKnownSince(endSince);
    const say = `${value.token} at process ${at} (${known} since ${Math.round(asked.at - since)} ms) was answered ${status}`;
    if (hasEnded || (isUnchanged && known === "bad")) this.hold("refused", status !== 200, say);
    else if (isUnchanged && known === "good" && Date.now() < endsAt && status !== 503)
      this.hold("passed", status === 200, say);
    if (awaySince !== null && awaySince === this.awaySince && asked.at - awaySince > boundMs)
      this.hold("away", status !== 200, `${say}, the database away for ${Math.round(asked.at - awaySince)} ms`);
    return true;
  }

  private hold(promised: "refused" | "passed" | "away", holds: boolean, say: string): void {
    this.counts[promised]++;
    if (holds) return;
    this.violations[promised]++;
    this.complain(say);
  }

  private async authorize(value: string, at: number): Promise<{ status: number; account: string | null } | null> {
    try {
      const answer = await fetch(`${this.urls[at]}/authorize`, {
        headers: { Authorization: `Bearer ${value}` },
        signal: AbortSignal.timeout(checkLimitMs),
      });
      await answer.arrayBuffer();
      return { status: answer.status, account: answer.headers.get("hallpass-account") };
    } catch {
      return null;
    }
  }
}

/** Whether the process is ready or, for "ok", also not degraded. */
export async function isReady(url: string, readiness?: "ok"): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) });
    const { status } = (await answer.json()) as { status: string };
    return answer.ok && (readiness === undefined || status === readiness);
  } catch {
    return false;
  }
}
