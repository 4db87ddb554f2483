import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type AccountType, inputFaults, type Role, signInInput } from "@hallpass/shared";
import { type EntityManager, LessThan } from "typeorm";
import type { AppContext } from "../../app-context.js";
import { networkOf } from "../../client-address.js";
import { inTransaction } from "../../db/transaction.js";
import { UserFault, unauthenticated, userFault } from "../../errors.js";
import { type CallContext, type PersonCaller, type RequestOrigin, systemCaller } from "../../request-context.js";
import { AccountEntity, type AccountSummary } from "../accounts/account.entity.js";
import { operationsAccounts } from "../accounts/accounts.service.js";
import { writeAuditRecord } from "../audit/write-audit-record.js";
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
 * the answer, nor by its time, nor by the limit on tries. Refused tries stand in the audit trail.
 */
export async function signIn(
  app: AppContext,
  origin: RequestOrigin,
  rawInput: { email: string; password: string },
): Promise<{ cookie: string; caller: PersonCaller }> {
  const { email, password } = checkedSignIn(rawInput);
  const address = networkOf(origin.ip);
  const person = `${email} ${address}`;
  const throttled = async () => recordRefusal({ app, origin }, await findPerson(app, email), "throttled");
  await app.signInLimits.perAddress.take(address, throttled);
  await app.signInLimits.perPerson.take(person, throttled);

  const user = await findPerson(app, email);
  const good = await isPassword(password, user?.passwordHash ?? null);
  const [account] = user && good ? await accountsOfUser(app, user.id, "lastEntered") : [];
  if (!user || !account) {
    await recordRefusal({ app, origin }, user, "refused");
    throw userFault("WRONG_CREDENTIALS", "The email address or the password is wrong.");
  }
  await app.signInLimits.perPerson.reset(person);

  const cookie = randomBytes(32).toString("base64url");
  const sessionId = sessionIdOf(cookie);
  const { role, ...callerAccount } = account;
  const caller: PersonCaller = {
    kind: "person",
    id: user.id,
    name: user.name,
    role,
    account: callerAccount,
    sessionId,
  };
  await inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
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
  });
  app.metrics.signIns.inc({ outcome: "good" });
  return { cookie, caller };
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
  const [own] = await accountsOfUser(app, user?.id ?? "", "lastEntered");
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
  const account = (await accountsOfUser(app, caller.id)).find(({ id }) => id === accountId);
  if (!account) throw userFault("NOT_FOUND", "There is no such account among yours.", "accountId");
  const { role, ...callerAccount } = account;
  const moved: PersonCaller = { ...caller, role, account: callerAccount };
  await inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    const { affected } = await manager.update(SessionEntity, { id: caller.sessionId }, { accountId });
    // It has ended since the request began.
    if (!affected) throw unauthenticated();
    await enterAccount(manager, moved, app.now());
    const summary = `${caller.name} came from another account`;
    await writeAuditRecord(
      tx,
      { app, caller: moved, origin },
      { event: "user.switched_account", summary, object: moved },
    );
  });
  return moved;
}

/** Remembers the account for the next sign-in. */
async function enterAccount(manager: EntityManager, { id: userId, account }: PersonCaller, enteredAt: Date) {
  await manager.update(MembershipEntity, { userId, accountId: account.id }, { enteredAt });
}

/** The person whose session it is, or null when it has ended or the person has left the account. */
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
    .innerJoin(AccountEntity, "account", "account.id = session.accountId")
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

interface SessionRow {
  id: string;
  name: string;
  role: Role;
  accountId: string;
  accountName: string;
  accountType: AccountType;
  stale: number | string;
}

/** Every account that the person may work in, with their role there. */
export function accountsOfUser(
  app: AppContext,
  userId: string,
  order: "name" | "lastEntered" = "name",
): Promise<(AccountSummary & { role: Role })[]> {
  return app.dataSource.manager
    .createQueryBuilder(AccountEntity, "account")
    .innerJoin(MembershipEntity, "membership", "membership.accountId = account.id")
    .select("account.id", "id")
    .addSelect("account.name", "name")
    .addSelect("account.type", "type")
    .addSelect("membership.role", "role")
    .where("membership.userId = :userId", { userId })
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

/** Look-ups of sessions at once, of those that may wait as well, and of one address: anybody can make up a cookie. */
export const sessionLookups = { running: 4, places: 1_000, share: 200 };

/** What `signIn` gives: 32 bytes as base64url. Anything else is no session, and costs no query. */
export const isSessionCookie = (cookie: string) => /^[\w-]{43}$/.test(cookie);
