import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type AccountType, inputFaults, type Role, signInInput } from "@hallpass/shared";
import { type EntityManager, LessThan, MoreThan } from "typeorm";
import type { AppContext } from "../../app-context.js";
import { networkOf } from "../../client-address.js";
import { inTransaction } from "../../db/transaction.js";
import { RequestError, UserFault, unauthenticated, userFault } from "../../errors.js";
import { type CallContext, type PersonCaller, type RequestOrigin, systemCaller } from "../../request-context.js";
import { AccountEntity, type AccountSummary } from "../accounts/account.entity.js";
import { operationsAccounts } from "../accounts/accounts.service.js";
import { lockAuditHead, writeAuditRecord } from "../audit/write-audit-record.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";
import { isPassword } from "./passwords.js";
import { SessionEntity } from "./session.entity.js";

const hourMs = 3_600_000;
/** A session ends after so long without a request. */
const idleMs = 12 * hourMs;
/** And after so long in any case. */
export const sessionLifetimeMs = 7 * 24 * hourMs;
/** Noting a refusal takes a multiple of this: how long it takes says nothing about the person. */
const refusalStepMs = 100;
/** Being seen is written this seldom. */
const seenResolutionMs = 5 * 60_000;

/**
 * Starts a session and gives the cookie's value. A wrong password and an unknown person are told apart neither by
 * the answer, nor by its time, nor by the limit on tries. Refused tries stand in the audit trail; those that found no
 * place in the queue are only counted, as there is no end to them. Throws RATE_LIMITED for want of a place, too.
 */
export async function signIn(
  app: AppContext,
  origin: RequestOrigin,
  rawInput: { email: string; password: string },
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
  const started = user && isRight ? await startSession({ app, origin }, user) : null;
  if (!started) {
    await recordRefusal({ app, origin }, user, "refused");
    throw userFault("WRONG_CREDENTIALS", "The email address or the password is wrong.");
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
): Promise<{ cookie: string; caller: PersonCaller } | null> {
  const cookie = randomBytes(32).toString("base64url");
  const sessionId = sessionIdOf(cookie);
  return inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    const [last] = await accountsOfUser(manager, user.id, "lastEntered");
    if (!last) return null;
    // Checking a password takes long enough for the password or the role to be changed meanwhile.
    await lockAuditHead(manager, last.id);
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
  if (error) throw new UserFault(inputFaults(error));
  return { ...data, email: data.email.toLowerCase() };
}

/** Ends the session everywhere it is used. */
export async function signOut({ app, caller, origin }: CallContext<PersonCaller>): Promise<void> {
  await inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    await lockAuditHead(manager, caller.account.id);
    const { affected } = await manager.delete(SessionEntity, { id: caller.sessionId });
    if (!affected) return;
    await writeAuditRecord(
      tx,
      { app, caller, origin },
      { event: "user.signed_out", summary: `${caller.name} signed out`, object: caller },
    );
  });
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

const noSuchAccount = () => userFault("NOT_FOUND", "You have no account with this ID.", "accountId");

/** Remembers the account for the next sign-in. */
async function enterAccount(manager: EntityManager, { id: userId, account }: PersonCaller, enteredAt: Date) {
  await manager.update(MembershipEntity, { userId, accountId: account.id }, { enteredAt });
}

/** The person whose session it is, or null when it has ended, the person has left the account or it is closed. */
export async function callerOfSession(app: AppContext, cookie: string): Promise<PersonCaller | null> {
  const now = app.now().getTime();
  const sessionId = sessionIdOf(cookie);
  const row = await app.dataSource.manager
    .createQueryBuilder(SessionEntity, "session")
    .innerJoin(UserEntity, "user", "user.id = session.userId")
    .innerJoin(
      MembershipEntity,
      "membership",
      "membership.userId = user.id AND membership.accountId = session.accountId",
    )
    .innerJoin(AccountEntity, "account", "account.id = session.accountId AND account.closedAt IS NULL")
    .select("user.id", "id")
    .addSelect("user.name", "name")
    .addSelect("membership.role", "role")
    .addSelect("account.id", "accountId")
    .addSelect("account.name", "accountName")
    .addSelect("account.type", "accountType")
    .addSelect("CASE WHEN session.lastSeenAt < :stale THEN 1 ELSE 0 END", "stale")
    .where("session.id = :sessionId AND session.expiresAt > :now AND session.lastSeenAt > :idle")
    .setParameters({
      sessionId,
      now: new Date(now),
      idle: new Date(now - idleMs),
      stale: new Date(now - seenResolutionMs),
    })
    .getRawOne<SessionRow>();
  if (!row) return null;
  if (Number(row.stale))
    await app.dataSource.manager.update(SessionEntity, { id: sessionId }, { lastSeenAt: new Date(now) });
  const account = { id: row.accountId, name: row.accountName, type: row.accountType };
  return { kind: "person", id: row.id, name: row.name, role: row.role, account, sessionId };
}

/** The conditions under which a session is valid. */
const validAt = (now: Date) => ({ expiresAt: MoreThan(now), lastSeenAt: MoreThan(new Date(now.getTime() - idleMs)) });

/**
 * Marks a session as in use, so that nothing ends it before the transaction does. Throws UNAUTHENTICATED when it has
 * ended already.
 */
export async function holdSession(manager: EntityManager, id: string, now: Date): Promise<void> {
  const { affected } = await manager.update(SessionEntity, { id, ...validAt(now) }, { lastSeenAt: now });
  if (!affected) throw unauthenticated();
}

/** The person's role of this moment. Throws UNAUTHENTICATED when the session has ended, FORBIDDEN without a role. */
export async function currentRole(
  manager: EntityManager,
  { id, account, sessionId }: PersonCaller,
  now: Date,
): Promise<Role> {
  if (!(await manager.existsBy(SessionEntity, { id: sessionId, ...validAt(now) }))) throw unauthenticated();
  const accountNow = (await accountsOfUser(manager, id)).find((each) => each.id === account.id);
  if (!accountNow) throw new RequestError("FORBIDDEN", "You no longer have a role in this account.");
  return accountNow.role;
}

interface SessionRow {
  id: string;
  name: string;
  role: Role;
  accountId: string;
  accountName: string;
  accountType: AccountType;
  stale: number | string;
}

/** Every open account that the person has a role in, with the role. */
export function accountsOfUser(
  manager: EntityManager,
  userId: string,
  order: "name" | "lastEntered" = "name",
): Promise<(AccountSummary & { role: Role })[]> {
  return manager
    .createQueryBuilder(AccountEntity, "account")
    .innerJoin(MembershipEntity, "membership", "membership.accountId = account.id")
    .select("account.id", "id")
    .addSelect("account.name", "name")
    .addSelect("account.type", "type")
    .addSelect("membership.role", "role")
    .where("membership.userId = :userId AND account.closedAt IS NULL", { userId })
    .orderBy(
      order === "lastEntered" ? "membership.enteredAt" : "account.name",
      order === "lastEntered" ? "DESC" : "ASC",
    )
    .addOrderBy("account.name")
    .addOrderBy("account.id")
    .getRawMany<AccountSummary & { role: Role }>()
    .then((rows) => rows.map(({ id, name, type, role }) => ({ id, name, type, role })));
}

const sessionIdOf = (cookie: string) => createHash("sha256").update(cookie).digest("hex");
