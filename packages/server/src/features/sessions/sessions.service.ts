import { type EntityManager } from "typeorm";
import type { CallContext } from "../../context/request-context.js";
import { type AccountSummary, type PersonCaller } from "../../core/callers.js";
import { userInputError } from "../../core/errors.js";
import { inTransaction } from "../../db/transaction.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { lockAuditHead, writeAuditRecord } from "../audit/write-audit-record.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";
import { accountsOfUser } from "../users/users.service.js";
import { holdSession } from "./find-session.js";
import { SessionEntity } from "./session.entity.js";

/**
 * Ends the session everywhere it is used, also one that is idle, or whose person has lost their role: it would be valid
 * again with the role. The record goes into the trail of the account that the request is for, if it is for one.
 */
export async function signOut(
  { app, origin }: Pick<CallContext, "app" | "origin">,
  sessionId: string,
  account: AccountSummary | null,
): Promise<void> {
  // Anyone may ask for this: what is no session costs no transaction.
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

/** Whose session it is, and the account that they work in, whether or not the session is still valid. */
type SessionOwner = Pick<PersonCaller, "id" | "name" | "account" | "sessionId">;

export async function ownerOfSession(manager: EntityManager, sessionId: string): Promise<SessionOwner | null> {
  const session = await manager.findOneBy(SessionEntity, { id: sessionId });
  const user = session && (await manager.findOneBy(UserEntity, { id: session.userId }));
  const account = session && (await manager.findOneBy(AccountEntity, { id: session.accountId }));
  return user && account && { id: user.id, name: user.name, account, sessionId };
}

/** False when it has been ended already. */
export async function endSession(manager: EntityManager, { sessionId }: SessionOwner): Promise<boolean> {
  const { affected } = await manager.delete(SessionEntity, { id: sessionId });
  return affected === 1;
}

/** Goes on in another of the person's accounts. */
export async function switchAccount(
  { app, caller, origin }: CallContext<PersonCaller>,
  accountId: string,
): Promise<PersonCaller> {
  return inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    const isMine = ({ id }: { id: string }) => id === accountId;
    if (!(await accountsOfUser(manager, caller.id)).some(isMine)) throw noSuchAccount();
    await lockAuditHead(manager, accountId);
    await holdSession(manager, caller.sessionId, app.now());
    // Read once more behind the lock: the role may have been taken away meanwhile.
    const account = (await accountsOfUser(manager, caller.id)).find(isMine);
    if (!account) throw noSuchAccount();
    const { role, ...callerAccount } = account;
    const moved: PersonCaller = { ...caller, role, account: callerAccount };
    await manager.update(SessionEntity, { id: caller.sessionId }, { accountId });
    await enterAccount(manager, moved, app.now());
    const summary = `${caller.name} came from another account`;
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
