import type { AppContext } from "../../context/app-context.js";
import { systemCaller } from "../../core/caller-types.js";
import type { Transaction } from "../../db/transaction.js";
import { type AuditEntry, writeAuditRecords } from "../audit/write-audit-record.js";
import type { PlatformState } from "./platform-state.js";

/** The output of `apply`: lines for the operator, and entries for audit trails. */
export class Journal {
  readonly lines: string[] = [];
  private readonly entries: { accountIds: string[]; entry: AuditEntry; forOperators: boolean }[] = [];

  say(line: string): void {
    this.lines.push(line);
  }

  /** Adds an entry to the trails of these accounts and of the OPERATIONS accounts. */
  record(accountIds: Iterable<string>, entry: AuditEntry): void {
    this.entries.push({ accountIds: [...accountIds], entry, forOperators: true });
  }

  /** Adds an entry to the trail of this account only. */
  recordWithin(accountId: string, entry: AuditEntry): void {
    this.entries.push({ accountIds: [accountId], entry, forOperators: false });
  }

  async write(app: AppContext, tx: Transaction, { accounts }: PlatformState): Promise<void> {
    const origin = { ip: null, userAgent: "hallpass command line", requestId: null };
    const trails = this.trails(accounts);
    for (const accountId of [...trails.keys()].sort()) {
      const account = accounts.get(accountId);
      if (!account) throw new Error(`Account ${accountId} not found.`);
      await writeAuditRecords(tx, { app, caller: systemCaller(account), origin }, trails.get(accountId) ?? []);
    }
  }

  private trails(accounts: PlatformState["accounts"]): Map<string, AuditEntry[]> {
    const operators = [...accounts.values()].filter(({ type, closedAt }) => type === "OPERATIONS" && !closedAt);
    const trails = new Map<string, AuditEntry[]>();
    for (const { accountIds, entry, forOperators } of this.entries)
      for (const id of new Set([...accountIds, ...(forOperators ? operators.map((account) => account.id) : [])])) {
        const trail = trails.get(id);
        if (trail) trail.push(entry);
        else trails.set(id, [entry]);
      }
    return trails;
  }
}
