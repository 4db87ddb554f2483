import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { signInInput, userErrorsOf } from "@hallpass/shared";
import { LessThan } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { CallContext } from "../../context/request-context.js";
import { type PersonCaller, type RequestOrigin, systemCaller } from "../../core/callers.js";
import { UserInputError, userInputError } from "../../core/errors.js";
import { inTransaction } from "../../db/transaction.js";
import { networkOf } from "../../http/client-address.js";
import { operationsAccounts } from "../accounts/accounts.service.js";
import { lockAuditHead, writeAuditRecord } from "../audit/write-audit-record.js";
import { UserEntity } from "../users/user.entity.js";
import { accountsOfUser } from "../users/users.service.js";
import { sessionIdOf, sessionLifetimeMs } from "./find-session.js";
import { isPassword } from "./passwords.js";
import { SessionEntity } from "./session.entity.js";
import { endSession, enterAccount, ownerOfSession } from "./sessions.service.js";

/** Noting a refusal takes a multiple of this: how long it takes says nothing about the person. */
const refusalStepMs = 100;

/**
 * Starts a session and gives the cookie's value. The browser forgets the cookie it had, so that session ends. A wrong
 * password and an unknown person are told apart neither by the answer, nor by its time, nor by the limit on tries.
 * Failed attempts end no session and are recorded in the audit trail. Those rejected because the queue is full are only
 * counted, as there is no limit to them. Throws RATE_LIMITED then, too.
 */
export async function signIn(
  app: AppContext,
  origin: RequestOrigin,
  rawInput: { email: string; password: string },
  earlierSessionId: string | null,
): Promise<{ cookie: string; caller: PersonCaller }> {
  const { email, password } = checkedSignIn(rawInput);
  const address = networkOf(origin.ip);
  // Everyone behind a proxy has its address: there the person alone is limited, wherever the attempts come from.
  const person = origin.sharedIp ? email : `${email} ${address}`;
  const throttled = async () => recordRefusal({ app, origin }, await findPerson(app, email), "throttled");
  if (!origin.sharedIp) await app.signInLimits.perAddress.take(address, throttled);
  const { user, isRight } = await app.signInQueue.admit(address, async (turn) => {
    // Once admitted: a sign-in refused for want of a place is not an attempt of the person's.
    await app.signInLimits.perPerson.take(person, throttled);
    const user = await findPerson(app, email);
    return { user, isRight: await turn(() => isPassword(password, user?.passwordHash ?? null)) };
  });
  const started = user && isRight ? await startSession({ app, origin }, user, earlierSessionId) : null;
  if (!started) {
    await recordRefusal({ app, origin }, user, "refused");
    throw userInputError("WRONG_CREDENTIALS", "The email address or password is incorrect.");
  }
  // Others' attempts count there, too: the person's own success must not give them more.
  if (origin.sharedIp) await app.signInLimits.perPerson.giveBack(person);
  else await app.signInLimits.perPerson.reset(person);
  app.metrics.signIns.inc({ outcome: "good" });
  return started;
}

/** In the account the person entered last. Null without a role in any, or when the password is no longer the one that was checked. */
async function startSession(
  { app, origin }: Pick<CallContext, "app" | "origin">,
  user: UserEntity,
  earlierSessionId: string | null,
): Promise<{ cookie: string; caller: PersonCaller } | null> {
  const cookie = randomBytes(32).toString("base64url");
  const sessionId = sessionIdOf(cookie);
  return inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    const [last] = await accountsOfUser(manager, user.id, "lastEntered");
    if (!last) return null;
    const earlier = earlierSessionId ? await ownerOfSession(manager, earlierSessionId) : null;
    const accountIds = new Set([last.id, ...(earlier ? [earlier.account.id] : [])]);
    // Checking a password takes long enough for the password or the role to be changed meanwhile. In the order of the
    // IDs, so that two of these never wait for each other in a circle.
    for (const id of [...accountIds].sort()) await lockAuditHead(manager, id);
    const isCurrent = await manager.existsBy(UserEntity, { id: user.id, passwordHash: user.passwordHash });
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
    await manager.delete(SessionEntity, { expiresAt: LessThan(now) });
    await manager.insert(SessionEntity, {
      id: sessionId,
      userId: user.id,
      accountId: account.id,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: new Date(now.getTime() + sessionLifetimeMs),
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
      { event: "user.signed_in", summary: `${user.name} signed in`, object: user },
    );
    return { cookie, caller };
  });
}

const findPerson = (app: AppContext, email: string) => app.dataSource.manager.findOneBy(UserEntity, { email });

/**
 * Into the trail of the account that the person would have entered; of somebody unknown, into those of the accounts that
 * run the platform. What was typed is not noted: it can be a password in the wrong field.
 */
async function recordRefusal(
  { app, origin }: Pick<CallContext, "app" | "origin">,
  user: UserEntity | null,
  how: "refused" | "throttled",
): Promise<void> {
  app.metrics.signIns.inc({ outcome: how });
  const began = performance.now();
  const [own] = await accountsOfUser(app.dataSource.manager, user?.id ?? "", "lastEntered");
  const accounts = own ? [own] : await operationsAccounts(app.dataSource);
  const summary = `A sign-in as ${user?.name ?? "somebody unknown"} was ${how}`;
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

function checkedSignIn(rawInput: { email: string; password: string }): { email: string; password: string } {
  const { data, error } = signInInput.safeParse(rawInput);
  if (error) throw new UserInputError(userErrorsOf(error));
  return { ...data, email: data.email.toLowerCase() };
}
