import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, type Data, mutations } from "../../test/support/client.js";
import type { Intent, Operation, Outcome } from "./ledger.js";
import type { Load } from "./load.js";
import { modules, strangersIn, type Tenant } from "./tenants.js";
import { Value } from "./values.js";

interface Token {
  id: string;
  isActive: boolean;
  /** In ms since 1970. */
  expiresAt: number;
  current: Value;
  previous: Value | null;
}

const requestLimitMs = 8_000;
const tokensAtOnce = 6;
/** Overlaps of rotations, in seconds. */
const overlaps = [0, 1, 60];
const expiryMs = 3_000;

const fields: Record<Operation, string> = {
  create: "createApiToken",
  update: "updateApiToken",
  disable: "disableApiToken",
  enable: "enableApiToken",
  delete: "deleteApiToken",
  rotate: "rotateApiToken",
  endRotation: "endApiTokenRotation",
  reveal: "revealApiToken",
};

/**
 * An administrator who changes tokens continuously. No one else changes them, so the order is known. After a lost
 * change, a token stays unchanged for the judge.
 */
export class Writer {
  private tokens: Token[] = [];
  /** Revoked and expired values, which must stay invalid. */
  private ended: Value[] = [];
  private marks = 0;

  constructor(
    private readonly load: Load,
    private readonly tenant: Tenant,
    private readonly name: string,
    /** Index of the process it uses. */
    private readonly at: number,
    private readonly client: Client,
  ) {}

  values(): Value[] {
    return [
      ...this.tokens.flatMap(({ current, previous }) => [current, ...(previous ? [previous] : [])]),
      ...this.ended,
    ];
  }

  async run(): Promise<void> {
    while (!this.load.isOver) {
      if (await this.step()) await this.load.comesBack(this.at);
      await sleep(randomInt(4, 20));
    }
  }

  /** True if the change was lost, e.g. while a server was unavailable. */
  private async step(): Promise<boolean> {
    if (this.tokens.length < 2 || (this.tokens.length < tokensAtOnce && randomInt(4) === 0)) return this.create();
    if (randomInt(25) === 0) await this.look();
    const token = this.tokens[randomInt(this.tokens.length)] as Token;
    const { kind } = await this.change(token, this.choose(token));
    if (kind === "lost") {
      this.tokens = this.tokens.filter((each) => each !== token);
      for (const value of [token.current, token.previous]) value?.set("unknown");
    }
    return kind === "lost";
  }

  private choose({ isActive, previous }: Token): Operation {
    const die = randomInt(100);
    if (die < 5) return "delete";
    if (die < 20) return "update";
    if (die < 24) return "reveal";
    if (!isActive) return "enable";
    if (previous && die < 34) return "endRotation";
    return die < 50 ? "rotate" : "disable";
  }

  /** Repeats a creation with its idempotency key until it is answered. It must create one token. */
  private async create(): Promise<boolean> {
    const mark = `${this.tenant.canary} ${this.name} ${++this.marks}`;
    const expiresAt = randomInt(8) === 0 ? new Date(Date.now() + expiryMs) : null;
    const input = {
      name: mark,
      moduleIds: modules.slice(0, randomInt(1, modules.length + 1)),
      ...(expiresAt && { expiresAt }),
      idempotencyKey: randomUUID(),
    };
    for (;;) {
      const intent = { account: this.tenant.account, operation: "create", token: null, mark } as const;
      const outcome = await this.ask(expiresAt ? { ...intent, expires: true } : intent, input);
      if (outcome.kind === "acknowledged") {
        this.add(outcome, expiresAt);
        return false;
      }
      // Some are never repeated. Then there is one token or none.
      if (outcome.kind === "refused" || this.load.isOver || randomInt(4) === 0 || expiresAt) return true;
      await this.load.comesBack(this.at);
    }
  }

  private add({ token: id, value = "" }: Outcome & { kind: "acknowledged" }, expiresAt: Date | null): void {
    const ends = expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
    const current = this.load.newValue({ text: value, token: id, tenant: this.tenant, endsAt: ends });
    current.set("good", this.at);
    this.tokens.push({ id, isActive: true, expiresAt: ends, current, previous: null });
  }

  private async change(token: Token, operation: Operation): Promise<Outcome> {
    const mark = operation === "update" ? `${this.tenant.canary} ${this.name} ${++this.marks}` : operation;
    const overlapSeconds = overlaps[randomInt(overlaps.length)] ?? 0;
    const inputs: Partial<Record<Operation, object>> = {
      update: {
        description: mark,
        ...(randomInt(2) && { moduleIds: modules.slice(0, randomInt(1, modules.length + 1)) }),
      },
      rotate: { overlapSeconds },
      reveal: { purpose: "SHOW" },
    };
    const { current, previous } = token;
    if (operation !== "update" && operation !== "reveal") {
      previous?.set("unknown");
      if (operation !== "endRotation") current.set("unknown");
    }
    const intent = { account: this.tenant.account, operation, token: token.id, mark };
    const outcome = await this.ask(intent, { id: token.id, ...inputs[operation] });
    if (outcome.kind === "acknowledged") this.settle(token, operation, outcome.value, overlapSeconds);
    else if (outcome.kind === "refused") for (const each of [current, previous]) each?.set("unknown");
    return outcome;
  }

  /** Sets the expected results of checks from now on. */
  private settle(token: Token, operation: Operation, value: string | undefined, overlapSeconds: number): void {
    const { current, previous } = token;
    const set = (known: "good" | "bad", ...values: (Value | null)[]) => {
      for (const each of values) each?.set(known, this.at);
    };
    if (operation === "disable") {
      token.isActive = false;
      set("bad", current, previous);
    } else if (operation === "enable") {
      token.isActive = true;
      set("good", current, previous);
    } else if (operation === "delete") {
      set("bad", current, previous);
      this.retire(current, previous);
      this.tokens = this.tokens.filter((each) => each !== token);
    } else if (operation === "endRotation") {
      set("bad", previous);
      this.retire(previous);
      token.previous = null;
    } else if (operation === "rotate") {
      set("bad", previous);
      this.retire(previous);
      const { id, expiresAt: endsAt } = token;
      token.current = this.load.newValue({ text: value ?? "", token: id, tenant: this.tenant, endsAt });
      token.previous = overlapSeconds === 0 ? null : current;
      set("good", token.current);
      set(token.previous ? "good" : "bad", current);
      if (!token.previous) this.retire(current);
    } else if (operation === "reveal" && value !== current.text)
      this.load.complain(`${token.id} revealed another value.`);
  }

  private retire(...values: (Value | null)[]): void {
    this.ended.push(...values.filter((each) => each !== null));
    this.ended = this.ended.slice(-20);
  }

  /** Reads lists, which must not contain other tenants' names, and another tenant's token, which must not be found. */
  private async look(): Promise<void> {
    const id = this.load.tokenOfAnother(this.tenant) ?? "TKN-0000-0000";
    const query = `query ($id: ID!) { viewer { account { name } } apiToken(id: $id) { name } node(id: $id) { id }
      apiTokens(first: 50) { nodes { name description createdBy { name } } }
      auditTrail(first: 20) { nodes { objectName summary details } } }`;
    try {
      const { data }: Data = JSON.parse(await this.post(query, { id }));
      if (data?.apiToken || data?.node)
        this.load.complain(`${this.tenant.account} was shown ${id} of another account.`);
    } catch {
      // No response shows nothing of other tenants.
    }
  }

  private async ask(intent: Intent, input: object): Promise<Outcome> {
    const number = this.load.ledger.intend(intent);
    const outcome = await this.send(intent, input);
    this.load.ledger.conclude(number, outcome);
    if (outcome.kind === "acknowledged") this.load.acknowledge(this.at);
    if (outcome.kind === "lost") this.load.losses++;
    return outcome;
  }

  private async send({ operation, token }: Intent, input: object): Promise<Outcome> {
    const field = fields[operation];
    try {
      const text = await this.post(mutations[field] ?? "", { input });
      const { data, errors }: Data = JSON.parse(text);
      const code = errors?.[0]?.extensions?.code;
      if (code === "RATE_LIMITED") return { kind: "refused", code };
      if (errors) return { kind: "lost", why: code };
      const payload = data[field];
      if (payload.userErrors.length > 0) return { kind: "refused", code: payload.userErrors[0].code };
      if (operation === "rotate") this.noteEnd(token, payload.apiToken.previousValueExpiresAt);
      return { kind: "acknowledged", token: token ?? payload.apiToken.id, value: payload.value };
    } catch (error) {
      return { kind: "lost", why: String((error as Error).cause ?? error) };
    }
  }

  /** Records when the previously current value expires. Null if it already has. */
  private noteEnd(id: string | null, end: string | null): void {
    const current = this.tokens.find((token) => token.id === id)?.current;
    current?.endAt(end ? Date.parse(end) : Date.now());
  }

  private async post(query: string, variables: object): Promise<string> {
    const answer = await this.client.fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(requestLimitMs),
    });
    const text = await answer.text();
    this.load.examine(text, strangersIn(text, this.tenant));
    return text;
  }
}
