import { closeSync, openSync, readFileSync, writeSync } from "node:fs";

export type Operation = "create" | "update" | "disable" | "enable" | "delete" | "rotate" | "endRotation" | "reveal";

/** What is asked for. */
export interface Intent {
  account: string;
  operation: Operation;
  /** Null: a creation, which does not know its token yet. */
  token: string | null;
  /** Unique: the name of a creation, which its repetitions have too, or the description that an edit gives. */
  mark: string;
  /** Of a creation: it may expire while the request waits, and is then rightly refused as INVALID. */
  expires?: boolean;
}

/** What came of it. */
export type Outcome =
  | { kind: "acknowledged"; token: string; value?: string }
  /** An answer that says that nothing was done, and why. */
  | { kind: "refused"; code: string }
  /** No answer, or one that does not say: done or not, but not half. */
  | { kind: "lost"; why: string };

export interface Entry extends Intent {
  outcome: Outcome;
}

type Line = { number: number; at: number } & ({ intent: Intent } | { outcome: Outcome });

/**
 * What was asked of the server and what it acknowledged, outside of it: a line before the request is sent, another one when
 * it is answered, each written before anything else happens.
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

/** In the order of asking. What has no outcome was on its way when the load ended: lost. */
export function readLedger(path: string): Entry[] {
  const entries = new Map<number, Entry>();
  for (const text of readFileSync(path, "utf8").split("\n").filter(Boolean)) {
    const line: Line = JSON.parse(text);
    if ("intent" in line) entries.set(line.number, { ...line.intent, outcome: { kind: "lost", why: "no answer" } });
    else Object.assign(entries.get(line.number) ?? {}, { outcome: line.outcome });
  }
  return [...entries.values()];
}
