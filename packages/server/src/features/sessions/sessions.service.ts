import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type AccountType, inputFaults, type Role, signInInput } from "@hallpass/shared";
import { type EntityManager, LessThan, MoreThan } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { CallContext } from "../../context/request-context.js";
import { type AccountSummary, type PersonCaller, type RequestOrigin, systemCaller } from "../../core/callers.js";
import { UserFault, unauthenticated, userFault, withoutRole } from "../../core/errors.js";
import { inTransaction } from "../../db/transaction.js";
import { networkOf } from "../../http/client-address.js";
import { AccountEntity } from "../accounts/account.entity.js";
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
 * Starts a session and gives the cookie's value. The browser forgets the cookie it had, so that session ends. A wrong
 * password and an unknown person are told apart neither by the answer, nor by its time, nor by the limit on tries.
 * Refused tries end no session, and stand in the audit trail; those that found no place in the queue are only counted, as
 * there is no end to them. Throws RATE_LIMITED for want of a place, too.
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
    throw userFault("WRONG_CREDENTIALS", "The email address or password is incorrect.");
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
  if (error) throw new UserFault(inputFaults(error));
  return { ...data, email: data.email.toLowerCase() };
}

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

async function ownerOfSession(manager: EntityManager, sessionId: string): Promise<SessionOwner | null> {
  const session = await manager.findOneBy(SessionEntity, { id: sessionId });
  const user = session && (await manager.findOneBy(UserEntity, { id: session.userId }));
  const account = session && (await manager.findOneBy(AccountEntity, { id: session.accountId }));
  return user && account && { id: user.id, name: user.name, account, sessionId };
}

/** False when it has been ended already. */
async function endSession(manager: EntityManager, { sessionId }: SessionOwner): Promise<boolean> {
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

const noSuchAccount = () => userFault("NOT_FOUND", "You have no account with this ID.", "accountId");

/** Remembers the account for the next sign-in. */
async function enterAccount(manager: EntityManager, { id: userId, account }: PersonCaller, enteredAt: Date) {
  await manager.update(MembershipEntity, { userId, accountId: account.id }, { enteredAt });
}

/**
 * The person whose session it is, in the account that the request names, else in the session's own. Null when the
 * session has ended, or the person has no role in its own account or that is closed; throws FORBIDDEN when they have no role in one named.
 */
export async function callerOfSession(
  app: AppContext,
  cookie: string,
  namedAccountId: string | null = null,
): Promise<PersonCaller | null> {
  const account = namedAccountId ? ":namedAccountId" : "session.accountId";
  const [row] = await readSession(app, cookie, `membership.accountId = ${account}`, { namedAccountId });
  const caller = row ? toCaller(row) : null;
  if (!row || caller || !namedAccountId) return caller;
  app.logger.info({ user: row.id, account: namedAccountId }, "account refused");
  throw withoutRole(namedAccountId);
}

/** The person whose session it is, in each account in which they have a role. */
export async function callersOfSession(app: AppContext, cookie: string): Promise<PersonCaller[]> {
  return (await readSession(app, cookie, "1 = 1")).map(toCaller).filter((caller) => caller !== null);
}

/**
 * The session and the person, once for each account that the condition holds for, with their role there; once without a
 * role when it holds for none. Nothing when the session has ended.
 */
async function readSession(
  app: AppContext,
  cookie: string,
  whichAccounts: string,
  parameters: object = {},
): Promise<SessionRow[]> {
  const now = app.now().getTime();
  const sessionId = sessionIdOf(cookie);
  const rows = await app.dataSource.manager
    .createQueryBuilder(SessionEntity, "session")
    .innerJoin(UserEntity, "user", "user.id = session.userId")
    .leftJoin(MembershipEntity, "membership", `membership.userId = user.id AND ${whichAccounts}`)
    .leftJoin(AccountEntity, "account", "account.id = membership.accountId AND account.closedAt IS NULL")
    .select("session.id", "sessionId")
    .addSelect("user.id", "id")
    .addSelect("user.name", "name")
    .addSelect("membership.role", "role")
    .addSelect("account.id", "accountId")
    .addSelect("account.name", "accountName")
    .addSelect("account.type", "accountType")
    .addSelect("CASE WHEN session.lastSeenAt < :stale THEN 1 ELSE 0 END", "stale")
    .where("session.id = :sessionId AND session.expiresAt > :now AND session.lastSeenAt > :idle")
    .setParameters({
      ...parameters,
      sessionId,
      now: new Date(now),
      idle: new Date(now - idleMs),
      stale: new Date(now - seenResolutionMs),
    })
    .getRawMany<SessionRow>();
  if (rows.some(({ accountId, stale }) => accountId && Number(stale)))
    await app.dataSource.manager.update(SessionEntity, { id: sessionId }, { lastSeenAt: new Date(now) });
  return rows;
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
  if (!accountNow) throw withoutRole(account.id);
  return accountNow.role;
}

interface SessionRow {
  sessionId: string;
  id: string;
  name: string;
  /** Null, as all of the account, without a role. */
  role: Role | null;
  accountId: string | null;
  accountName: string;
  accountType: AccountType;
  stale: number | string;
}

function toCaller({ sessionId, id, name, role, accountId, ...row }: SessionRow): PersonCaller | null {
  if (!role || !accountId) return null;
  const account = { id: accountId, name: row.accountName, type: row.accountType };
  return { kind: "person", id, name, role, account, sessionId };
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

export const sessionIdOf = (cookie: string) => createHash("sha256").update(cookie).digest("hex");

/** Look-ups of sessions at once, of those that may wait as well, and of one address: anybody can make up a cookie. */
export const sessionLookups = { running: 4, places: 1_000, share: 200 };

/** What `signIn` gives: 32 bytes as base64url. Anything else is no session, and costs no query. */
export const isSessionCookie = (cookie: string) => /^[\w-]{43}$/.test(cookie);
