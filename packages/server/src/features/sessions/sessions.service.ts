import { type EntityManager } from "typeorm";
import type { CallContext } from "../../context/request-context.js";
import { type AccountSummary, type PersonCaller } from "../../core/caller-types.js";
import { userInputError } from "../../core/errors.js";
import { inTransaction } from "../../db/transaction.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { lockAuditHead, writeAuditRecord } from "../audit/write-audit-record.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";
import { accountsOfUser } from "../users/users.service.js";
import { holdSession } from "./find-session.js";
import { SessionEntity } from "./session.entity.js";

/**
 * Ends the session everywhere it is used, even if it is idle or its person has lost their role, with which it would
 * become valid again. Recorded in the trail of the account the request is for, or else of the session's own.
 */
export async function signOut(
  { app, origin }: Pick<CallContext, "app" | "origin">,
  sessionId: string,
  account: AccountSummary | null,
): Promise<void> {
  // Anyone can request this, so an unknown session must not cost a transaction.
  const owner = await ownerOfSession(app.dataSource.manager, sessionId);
  if (!owner) return;
  const caller = { ...owner, account: account ?? owner.account };
  await inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    await lockAuditHead(manager, caller.account.id);
    if (!(await endSession(manager, caller))) return;
    await writeAuditRecord(
      tx,
      { app, caller, origin },
      { event: "user.signed_out", summary: `${caller.name} signed out`, object: caller },
    );
  });
}

/** The person whose session it is, and their current account, whether or not the session is still valid. */
type SessionOwner = Pick<PersonCaller, "id" | "name" | "account" | "sessionId">;

export async function ownerOfSession(manager: EntityManager, sessionId: string): Promise<SessionOwner | null> {
  const session = await manager.findOneBy(SessionEntity, { id: sessionId });
  const user = session && (await manager.findOneBy(UserEntity, { id: session.userId }));
  const account = session && (await manager.findOneBy(AccountEntity, { id: session.accountId }));
  return user && account && { id: user.id, name: user.name, account, sessionId };
}

/** False if it had already ended. */
export async function endSession(manager: EntityManager, { sessionId }: SessionOwner): Promise<boolean> {
  const { affected } = await manager.delete(SessionEntity, { id: sessionId });
  return affected === 1;
}

/** Switches to another of the person's accounts. Throws NOT_FOUND if it is not one of them. */
export async function switchAccount(
  { app, caller, origin }: CallContext<PersonCaller>,
  accountId: string,
): Promise<PersonCaller> {
  return inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    const isMine = ({ id }: { id: string }) => id === accountId;
    if (!(await accountsOfUser(manager, caller.id)).some(isMine)) throw noSuchAccount();
    await lockAuditHead(manager, accountId);
    await holdSession(app, manager, caller.sessionId, origin);
    // Reread under the lock, as the role may have been removed meanwhile.
    const account = (await accountsOfUser(manager, caller.id)).find(isMine);
    if (!account) throw noSuchAccount();
    const { role, ...callerAccount } = account;
    const moved: PersonCaller = { ...caller, role, account: callerAccount };
    await manager.update(SessionEntity, { id: caller.sessionId }, { accountId });
    await enterAccount(manager, moved, app.now());
    const summary = `${caller.name} switched to this account`;
    await writeAuditRecord(
      tx,
      { app, caller: moved, origin },
      { event: "user.switched_account", summary, object: moved },
    );
    return moved;
  });
}

const noSuchAccount = () => userInputError("NOT_FOUND", "You have no account with this ID.", "accountId");

/** Remembers the account for the next sign-in. */
export async function enterAccount(manager: EntityManager, { id: userId, account }: PersonCaller, enteredAt: Date) {
  await manager.update(MembershipEntity, { userId, accountId: account.id }, { enteredAt });
}
