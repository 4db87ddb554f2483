import { closeSync, openSync, readFileSync, writeSync } from "node:fs";

export type Operation = "create" | "update" | "disable" | "enable" | "delete" | "rotate" | "endRotation" | "reveal";

/** A requested change. */
export interface Intent {
  account: string;
  operation: Operation;
  /** Null for a creation, whose token is not known yet. */
  token: string | null;
  /** Unique: a creation's name, shared by its repetitions, or an edit's description. */
  mark: string;
  /** For a creation whose token may expire while the request waits. It is then correctly rejected as INVALID. */
  expires?: boolean;
}

export type Outcome =
  | { kind: "acknowledged"; token: string; value?: string }
  /** A response that nothing was done, and why. */
  | { kind: "refused"; code: string }
  /** No conclusive response: the change is done or not, but never partial. */
  | { kind: "lost"; why: string };

export interface Entry extends Intent {
  outcome: Outcome;
}

type Line = { number: number; at: number } & ({ intent: Intent } | { outcome: Outcome });

/**
 * Records requests and acknowledgements outside the server. A line is written before a request is sent and another when
 * it is answered, each before anything else happens.
 */
export class Ledger {
  private readonly file: number;
  private count = 0;

  constructor(readonly path: string) {
    this.file = openSync(path, "a", 0o600);
  }

  intend(intent: Intent): number {
    const number = ++this.count;
    this.write({ number, at: Date.now(), intent });
    return number;
  }

  conclude(number: number, outcome: Outcome): void {
    this.write({ number, at: Date.now(), outcome });
  }

  close(): void {
    closeSync(this.file);
  }

  private write(line: Line): void {
    writeSync(this.file, `${JSON.stringify(line)}\n`);
  }
}

/** In the order of requests. Those without an outcome were in flight when the load ended, and count as lost. */
export function readLedger(path: string): Entry[] {
  const entries = new Map<number, Entry>();
  for (const text of readFileSync(path, "utf8").split("\n").filter(Boolean)) {
    const line: Line = JSON.parse(text);
    if ("intent" in line) entries.set(line.number, { ...line.intent, outcome: { kind: "lost", why: "no answer" } });
    else Object.assign(entries.get(line.number) ?? {}, { outcome: line.outcome });
  }
  return [...entries.values()];
}
