import type { AppContext } from "../../context/app-context.js";
import { systemCaller } from "../../core/caller-types.js";
import { inTransaction } from "../../db/transaction.js";
import { operationsAccounts } from "../accounts/accounts.service.js";
import { type AuditEntry, writeAuditRecord } from "./write-audit-record.js";

/** Records an event that concerns the whole deployment, in the trails of the accounts that run the platform. */
export async function writeOperationsRecord(app: AppContext, entry: Omit<AuditEntry, "object">): Promise<void> {
  const origin = { ip: null, userAgent: "hallpass command line", requestId: null };
  for (const account of await operationsAccounts(app.dataSource))
    await inTransaction(app.dataSource, (tx) =>
      writeAuditRecord(tx, { app, caller: systemCaller(account), origin }, { ...entry, object: account }),
    );
}
