import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FindOptionsWhere } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { CallContext } from "../../context/request-context.js";
import { type PersonCaller, systemCaller } from "../../core/caller-types.js";
import { inTransaction } from "../../db/transaction.js";
import { operationsAccounts } from "../accounts/accounts.service.js";
import { lockAuditHead, writeAuditRecord } from "../audit/write-audit-record.js";
import { UserEntity } from "../users/user.entity.js";
import { accountsOfUser } from "../users/users.service.js";
import { placeOf, sessionIdOf } from "./find-session.js";
import { SessionEntity } from "./session.entity.js";
import { endSession, enterAccount, ownerOfSession } from "./sessions.service.js";

/**
 * Recording a failed sign-in takes a multiple of this, in ms, so that its duration reveals nothing about the person.
 */
const refusalStepMs = 100;

interface SignedInPerson {
  /** The browser's earlier session, which ends. */
  earlierSessionId: string | null;
  /** What was checked, and must still be so. */
  stillIs: FindOptionsWhere<UserEntity>;
  /** When they proved who they are. Null if unknown. */
  authenticatedAt: Date | null;
  /** For the audit trail, after "signed in". */
  how: string;
}

/**
 * Starts a session in the account the person entered last, and returns its cookie. Null if they have no role in any, or
 * are no longer what was checked.
 */
export async function startSession(
  { app, origin }: Pick<CallContext, "app" | "origin">,
  user: UserEntity,
  { earlierSessionId, stillIs, authenticatedAt, how }: SignedInPerson,
): Promise<{ cookie: string; caller: PersonCaller } | null> {
  const cookie = randomBytes(32).toString("base64url");
  const sessionId = sessionIdOf(cookie);
  return inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    const [last] = await accountsOfUser(manager, user.id, "lastEntered");
    if (!last) return null;
    const earlier = earlierSessionId ? await ownerOfSession(manager, earlierSessionId) : null;
    const accountIds = new Set([last.id, ...(earlier ? [earlier.account.id] : [])]);
    // The password or role may change while a password is checked. Locks in ID order, so that two sign-ins never
    // deadlock.
    for (const id of [...accountIds].sort()) await lockAuditHead(manager, id);
    const isCurrent = await manager.existsBy(UserEntity, { ...stillIs, id: user.id });
    const account = (await accountsOfUser(manager, user.id)).find(({ id }) => id === last.id);
    if (!isCurrent || !account) return null;

    const { role, ...callerAccount } = account;
    const caller: PersonCaller = {
      kind: "person",
      id: user.id,
      name: user.name,
      role,
      account: callerAccount,
      sessionId,
    };
    const now = app.now();
    const hasEnded = earlier && (await endSession(manager, earlier));
    await manager.insert(SessionEntity, {
      id: sessionId,
      userId: user.id,
      accountId: account.id,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: new Date(now.getTime() + app.config.sessionLifetimeMs),
      authenticatedAt,
      ...placeOf(origin),
    });
    await enterAccount(manager, caller, now);
    if (hasEnded)
      await writeAuditRecord(
        tx,
        { app, caller: earlier, origin },
        {
          event: "user.signed_out",
          summary: `${earlier.name} was signed out by a new sign-in in the same browser`,
          object: earlier,
        },
      );
    await writeAuditRecord(
      tx,
      { app, caller, origin },
      { event: "user.signed_in", summary: `${user.name} signed in ${how}`, object: user },
    );
    return { cookie, caller };
  });
}

/** Null if no one has this email address, which is in lower case. */
export const findPerson = (app: AppContext, email: string) => app.dataSource.manager.findOneBy(UserEntity, { email });

/**
 * Records it in the trail of the account the person would have entered. For an unknown user, in those of the accounts
 * that run the platform. The input is not recorded, as it may be a password in the wrong field.
 */
export async function recordRefusal(
  { app, origin }: Pick<CallContext, "app" | "origin">,
  user: UserEntity | null,
  how: "refused" | "throttled",
  what = "Sign-in as",
): Promise<void> {
  app.metrics.signIns.inc({ outcome: how });
  const began = performance.now();
  const [own] = await accountsOfUser(app.dataSource.manager, user?.id ?? "", "lastEntered");
  const accounts = own ? [own] : await operationsAccounts(app.dataSource);
  const who = user?.name ?? "an unknown user";
  const summary = how === "refused" ? `${what} ${who} failed` : `${what} ${who} throttled`;
  for (const account of accounts)
    await inTransaction(app.dataSource, (tx) =>
      writeAuditRecord(
        tx,
        { app, origin, caller: systemCaller(account) },
        { event: `user.sign_in_${how}`, summary, object: user ?? account },
      ),
    );
  await sleep(refusalStepMs - ((performance.now() - began) % refusalStepMs));
}
