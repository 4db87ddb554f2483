import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";

/** The promises, in the order of the table. */
export const promises = {
  acknowledged: "acknowledged changes: stored and audited exactly once",
  unacknowledged: "unacknowledged changes: complete or absent",
  repeated: "creations repeated with their idempotency key: one token",
  refused: "checks after the bound: denied",
  passed: "checks of a valid token: never denied",
  away: "checks while the database is unavailable, after the bound: not allowed",
  canaries: "responses searched for another tenant's canary: none found",
  values: "values searched for in data, log and core files: none found",
  chains: "audit chains recomputed: intact",
  recoveries: "recovered within 10 s without a restart",
  restarts: "restarted after kill -9: serves",
  migrations: "migration ended at a statement, rerun: the schema is complete",
  stops: "SIGTERM under load behind nginx: stopped within 10 s, with status 0",
  behindNginx: "requests through nginx during the fault: answered",
  writesStopped: "Galera: changes made again within 5 s of a fault of a node",
  returned: "Galera: each process is back on the node it lists first",
  events: "events for webhooks whose receiver fails, too: sent, each under one ID",
  leaks: "leaks emailed by a server that fails, too: sent to each administrator, under one ID",
  faultsFound: "doctored ledgers, trails and files: detected",
} as const;

export type Promised = keyof typeof promises;

interface Line {
  promised: Promised;
  trials: number;
  violations: number;
  /** The slowest, in ms. */
  ms: number;
  /** How many unacknowledged changes were done. */
  done: number;
}

const file = () => process.env.HALLPASS_FAULTS_TABLE ?? "";

/** Adds to the table printed at the end of the run. */
export function count(promised: Promised, trials: number, violations = 0, { ms = 0, done = 0 } = {}): void {
  appendFileSync(file(), `${JSON.stringify({ promised, trials, violations, ms, done } satisfies Line)}\n`);
}

/** Jest's global teardown. */
export default async function printTable(): Promise<void> {
  process.stdout.write(`\n${renderTable()}\n\n`);
  rmSync(file(), { force: true });
}

/** Renders the promises, their trials and violations as a Markdown table. */
function renderTable(): string {
  const lines: Line[] = existsSync(file())
    ? readFileSync(file(), "utf8").trim().split("\n").filter(Boolean).map(parse)
    : [];
  const rows = (Object.keys(promises) as Promised[]).flatMap((promised) => {
    const own = lines.filter((line) => line.promised === promised);
    if (own.length === 0) return [];
    const sum = (key: "trials" | "violations" | "done") =>
      own.reduce((total, line) => total + line[key], 0).toLocaleString("en");
    const slowest = Math.max(...own.map(({ ms }) => ms));
    const isOfChanges = promised === "unacknowledged";
    const note =
      slowest > 0 ? `slowest ${(slowest / 1000).toFixed(1)} s` : isOfChanges ? `${sum("done")} were done` : "";
    return [`| ${promises[promised]} | ${sum("trials")} | ${sum("violations")} | ${note} |`];
  });
  return ["| promise | trials | violations | |", "|---|--:|--:|---|", ...rows].join("\n");
}

const parse = (line: string): Line => JSON.parse(line);
