import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestDatabase } from "../../test/support/database.js";
import { freePort } from "../../test/support/mariadb.js";
import { applyPlatformFile, HallpassProcess, runCommand, until } from "../../test/support/programs.js";
import { gather, whenQuiet, withSql } from "./evidence.js";
import { searchFiles } from "./files.js";
import { type Complaint, judge, type Verdict } from "./judge.js";
import { Ledger, readLedger } from "./ledger.js";
import { isReady, Load } from "./load.js";
import { recoveryLimitMs } from "./scale.js";
import { count } from "./table.js";
import { newTenants, platformOf, signIn, type Tenant } from "./tenants.js";

interface Options {
  database: TestDatabase;
  processes?: number;
  /** Additional settings of the processes. */
  env?: Record<string, string>;
  /** Additional settings of one process. */
  envOf?: (at: number) => Record<string, string>;
  /** Settings for inspecting the database afterwards, if different. */
  behind?: Record<string, string>;
  /** The database's folders and files, which are searched for values like the logs. */
  data: string[];
}

/** Hallpass processes on a database, their load, and the verification after the faults. */
export class Rig {
  private readonly folder = mkdtempSync(join(tmpdir(), "hallpass-faults-"));
  readonly logs = join(this.folder, "logs");
  private readonly ledgerFile = join(this.folder, "ledger.jsonl");
  readonly processes: HallpassProcess[] = [];
  private readonly tenants: Tenant[] = newTenants(4, 2);
  private ports: number[] = [];
  private started: Load | undefined;

  private constructor(private readonly options: Options) {
    mkdirSync(this.logs);
  }

  static async start(options: Options): Promise<Rig> {
    const rig = new Rig(options);
    await applyPlatformFile(options.behind ?? options.database.env, platformOf(rig.tenants));
    for (let at = 0; at < (options.processes ?? 1); at++) {
      rig.ports.push(await freePort());
      await rig.startProcess(at);
    }
    rig.started = new Load(new Ledger(rig.ledgerFile), rig.urls);
    await rig.started.start(rig.tenants);
    return rig;
  }

  get urls(): string[] {
    return this.ports.map((port) => `http://127.0.0.1:${port}`);
  }

  get load(): Load {
    if (!this.started) throw new Error("The load has not started.");
    return this.started;
  }

  /** Starts it on its previous port. */
  async startProcess(at: number): Promise<void> {
    const { database, env, envOf } = this.options;
    const settings = { ...database.env, LOG_LEVEL: "trace", ...env, ...envOf?.(at), PORT: String(this.ports[at]) };
    this.processes[at] = await HallpassProcess.start(settings, join(this.logs, `process-${at}.log`));
  }

  /** Expects no check to be allowed after the bound. The caller restores the database. */
  async whileDatabaseIsAway(takeAway: () => Promise<void> | void, ms: number): Promise<void> {
    await takeAway();
    this.load.awaySince = performance.now();
    await sleep(ms);
    this.load.awaySince = null;
  }

  /** Waits until every process allows a token, acknowledges a change and is ready, and counts the recovery. */
  async recovers(what: string, readiness?: "ok"): Promise<void> {
    const slowest = Math.max(...(await Promise.all(this.urls.map((_, at) => this.worksAgain(at, readiness)))));
    const isLate = slowest > recoveryLimitMs;
    count("recoveries", 1, isLate ? 1 : 0, { ms: slowest });
    if (isLate) this.load.complain(`${what}: it took ${Math.round(slowest)} ms until all worked again.`);
  }

  private worksAgain(at: number, readiness?: "ok"): Promise<number> {
    const { load, urls } = this;
    const before = load.done(at);
    return until(
      async () => {
        const { changes, passes } = load.done(at);
        return changes > before.changes && passes > before.passes && (await isReady(urls[at] ?? "", readiness));
      },
      // Distinguishes a late recovery from none.
      { limitMs: recoveryLimitMs * 6, everyMs: 20 },
    );
  }

  /** Ends the load, compares the evidence with the ledger, and throws with every complaint. */
  async finish(): Promise<Verdict> {
    const { load, ledgerFile } = this;
    await load.stop();
    const entries = readLedger(ledgerFile);
    const clients = new Map<string, Awaited<ReturnType<typeof signIn>>>();
    for (const { account, people } of this.tenants)
      clients.set(account, await signIn(this.urls[0] ?? "", people[0]?.email ?? ""));
    const settings = this.options.behind ?? this.options.database.env;
    const evidence = await withSql(settings, async (sql) => {
      await whenQuiet(sql);
      return gather(clients, sql);
    });
    const verdict = judge(entries, evidence);
    await this.verifyChains(settings);
    const { found } = await searchFiles([this.logs, ...this.options.data], load.secrets);
    const about = (kind: Complaint["about"]) => verdict.complaints.filter((each) => each.about === kind).length;
    count("acknowledged", verdict.acknowledged, about("acknowledged"));
    count("unacknowledged", verdict.lost, about("unacknowledged"), { done: verdict.lostButDone });
    count("repeated", verdict.repeated, about("repeated"));
    for (const promised of ["refused", "passed", "away", "canaries"] as const)
      count(promised, load.counts[promised], load.violations[promised]);
    count("values", load.secrets.size, found.length);
    this.throwAll([...verdict.complaints.map(({ text }) => text), ...load.complaints, ...found]);
    rmSync(this.folder, { recursive: true, force: true });
    return verdict;
  }

  private async verifyChains(env: Record<string, string>): Promise<void> {
    let hasFailed = false;
    const output = await runCommand(env, "audit", "verify").catch((error: Error) => {
      hasFailed = true;
      return error.message;
    });
    const intact = output.match(/^ACC-[\d-]+ intact/gm)?.length ?? 0;
    count("chains", this.tenants.length, this.tenants.length - intact);
    if (hasFailed || intact !== this.tenants.length) this.load.complain(`audit verify: ${output}`);
  }

  private throwAll(complaints: string[]): void {
    if (complaints.length === 0) return;
    const first = complaints.slice(0, 20).join("\n");
    throw new Error(`${complaints.length} complaints; the ledger and the logs are kept in ${this.folder}\n${first}`);
  }

  async end(): Promise<void> {
    if (this.started) this.started.isOver = true;
    for (const process of this.processes) await process.kill();
    await this.options.database.remove().catch(() => {});
  }
}
