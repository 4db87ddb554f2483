import type { Permission } from "@hallpass/shared";
import type { CallContext } from "../../context/request-context.js";
import type { AuthenticatedCaller } from "../../core/callers.js";
import { inTransaction, type Transaction } from "../../db/transaction.js";
import { lockAuditHead } from "../audit/write-audit-record.js";
import { holdSession } from "../sessions/find-session.js";
import { currentCaller } from "./current-caller.js";

/**
 * Runs a change in a transaction that establishes by itself that the caller may still make it: the rights that count are
 * those at the commit, not those when the request arrived. First the account's audit head is locked, which every change
 * in the account writes. So a revocation that was acknowledged before is seen here, and one that comes later waits; on a
 * cluster, which ignores locks of other nodes, the two conflict at the commit and one of them runs again.
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
    if (before.kind === "person") await holdSession(tx.manager, before.sessionId, app.now());
    const caller = await currentCaller(context, tx.manager, permission);
    return work(tx, { ...context, caller });
  });
}
