import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { signInInput } from "@hallpass/shared";
import type { Redis } from "ioredis";
import type { AppContext } from "../../context/app-context.js";
import type { CallContext } from "../../context/request-context.js";
import { type PersonCaller, type RequestOrigin, systemCaller } from "../../core/caller-types.js";
import { checkedInput } from "../../core/checked-input.js";
import { userInputError } from "../../core/errors.js";
import { inTransaction } from "../../db/transaction.js";
import { networkOf } from "../../http/client-address.js";
import { createRateLimit } from "../../infra/rate-limit.js";
import { operationsAccounts } from "../accounts/accounts.service.js";
import { lockAuditHead, writeAuditRecord } from "../audit/write-audit-record.js";
import { UserEntity } from "../users/user.entity.js";
import { accountsOfUser } from "../users/users.service.js";
import { sessionIdOf } from "./find-session.js";
import { isPassword } from "./passwords.js";
import { SessionEntity } from "./session.entity.js";
import { sessionLifetimeMs } from "./session-lifetime.js";
import { endSession, enterAccount, ownerOfSession } from "./sessions.service.js";

/**
 * Recording a failed sign-in takes a multiple of this, in ms, so that its duration reveals nothing about the person.
 */
const refusalStepMs = 100;

const quarterHour = 15 * 60;

/** Attempts to sign in: by user and IP address, and by IP address alone. */
export function createSignInLimits(redis: Redis | null): AppContext["signInLimits"] {
  return {
    perPerson: createRateLimit({ name: "sign-in-person", attempts: 5, seconds: quarterHour }, redis),
    perAddress: createRateLimit({ name: "sign-in-address", attempts: 50, seconds: quarterHour }, redis),
  };
}

/**
 * Starts a session and returns the cookie's value. The browser's earlier cookie is replaced, so its session ends. A
 * wrong password and an unknown user differ neither in the response, nor in its timing, nor in the limit on attempts.
 * Failed attempts end no session and are recorded in the audit trail. Attempts rejected because the queue is full are
 * only counted, as their number has no limit. Throws WRONG_CREDENTIALS, or RATE_LIMITED after too many attempts and if
 * the queue is full.
 */
export async function signIn(
  app: AppContext,
  origin: RequestOrigin,
  rawInput: { email: string; password: string },
  earlierSessionId: string | null,
): Promise<{ cookie: string; caller: PersonCaller }> {
  const { email, password } = checkedSignIn(rawInput);
  const network = networkOf(origin.ip);
  // Everyone behind a proxy has its IP address, so only attempts per user are limited there, wherever they come from.
  const person = origin.sharedIp ? email : `${email} ${network}`;
  const throttled = async () => recordRefusal({ app, origin }, await findPerson(app, email), "throttled");
  if (!origin.sharedIp) await app.signInLimits.perAddress.take(network, throttled);
  const { user, isRight } = await app.signInQueue.admit(network, async (limit) => {
    // Only once admitted: a sign-in rejected for lack of a slot is not an attempt of the person's.
    await app.signInLimits.perPerson.take(person, throttled);
    const user = await findPerson(app, email);
    return { user, isRight: await limit(() => isPassword(password, user?.passwordHash ?? null)) };
  });
  const started = user && isRight ? await startSession({ app, origin }, user, earlierSessionId) : null;
  if (!started) {
    await recordRefusal({ app, origin }, user, "refused");
    throw userInputError("WRONG_CREDENTIALS", "The email address or password is incorrect.");
  }
  // Others' attempts count there too, and the person's own success must not give them more.
  if (origin.sharedIp) await app.signInLimits.perPerson.giveBack(person);
  else await app.signInLimits.perPerson.reset(person);
  app.metrics.signIns.inc({ outcome: "good" });
  return started;
}

/**
 * Starts in the account the person entered last. Null if they have no role in any, or if the password is no longer the
 * one that was checked.
 */
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
    // The password or role may change while a password is checked. Locks in ID order, so that two sign-ins never
    // deadlock.
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
 * Records it in the trail of the account the person would have entered. For an unknown user, in those of the accounts
 * that run the platform. The input is not recorded, as it may be a password in the wrong field.
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
  const who = user?.name ?? "an unknown user";
  const summary = how === "refused" ? `Sign-in as ${who} failed` : `Sign-in as ${who} throttled`;
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
  const input = checkedInput(signInInput, rawInput);
  return { ...input, email: input.email.toLowerCase() };
}
