import type { Permission } from "@hallpass/shared";
import type { CallContext } from "../../context/request-context.js";
import type { AuthenticatedCaller } from "../../core/caller-types.js";
import { inTransaction, type Transaction } from "../../db/transaction.js";
import { lockAuditHead } from "../audit/write-audit-record.js";
import { holdSession } from "../sessions/find-session.js";
import { currentCaller } from "./current-caller.js";

/**
 * Runs a change in a transaction that itself verifies that the caller may still make it: access at the commit counts,
 * not access when the request arrived. First it locks the account's audit head, which every change in the account
 * writes. So a revocation acknowledged earlier is visible here, and a later one waits. On a cluster, which ignores
 * locks of other nodes, the two conflict at the commit and one of them is rerun.
 *
 * `work` gets the context with the caller as they are now. Throws UNAUTHENTICATED or FORBIDDEN.
 */
export function inAuthorizedTransaction<Caller extends AuthenticatedCaller, T>(
  context: CallContext<Caller>,
  permission: Permission,
  work: (tx: Transaction, context: CallContext<Caller>) => Promise<T>,
): Promise<T> {
  return inTransaction(context.app.dataSource, async (tx) => {
    const { app, caller: before } = context;
    await lockAuditHead(tx.manager, before.account.id);
    if (before.kind === "person") await holdSession(app, tx.manager, before.sessionId, context.origin);
    const caller = await currentCaller(context, tx.manager, permission);
    return work(tx, { ...context, caller });
  });
}
