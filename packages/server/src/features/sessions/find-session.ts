import { createHash } from "node:crypto";
import { type AccountType, type Role } from "@hallpass/shared";
import { type EntityManager, type FindOptionsWhere, MoreThan } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { PersonCaller, RequestOrigin } from "../../core/caller-types.js";
import { unauthenticated, withoutRole } from "../../core/errors.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";
import { accountsOfUser } from "../users/users.service.js";
import { SessionEntity } from "./session.entity.js";

/** `lastSeenAt` is written at most this often, and often enough for a short idle time. */
const seenResolutionMs = ({ config }: AppContext) => Math.min(5 * 60_000, config.sessionIdleMs / 4);

/**
 * The person whose session it is, in the account the request names, or else in the session's own. Null if the session
 * has ended, the person has no role in its own account or that is closed. Throws FORBIDDEN if they have no role in the
 * named account or it is closed.
 */
export async function callerOfSession(
  app: AppContext,
  cookie: string,
  place: Place,
  namedAccountId: string | null = null,
): Promise<PersonCaller | null> {
  const account = namedAccountId ? ":namedAccountId" : "session.accountId";
  const [row] = await readSession(app, cookie, place, `membership.accountId = ${account}`, { namedAccountId });
  const caller = row ? toCaller(row) : null;
  if (!row || caller || !namedAccountId) return caller;
  app.logger.info({ user: row.id, account: namedAccountId }, "account denied");
  throw withoutRole(namedAccountId);
}

/** The person whose session it is, in each account in which they have a role. */
export async function callersOfSession(app: AppContext, cookie: string, place: Place): Promise<PersonCaller[]> {
  return (await readSession(app, cookie, place, "1 = 1")).map(toCaller).filter((caller) => caller !== null);
}

/**
 * The session and the person: one row for each account that matches the condition, with their role there, or one row
 * without a role if none matches. Empty if the session has ended.
 */
async function readSession(
  app: AppContext,
  cookie: string,
  place: Place,
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
    .addSelect("session.ip", "ip")
    .addSelect("user.id", "id")
    .addSelect("user.name", "name")
    .addSelect("membership.role", "role")
    .addSelect("account.id", "accountId")
    .addSelect("account.name", "accountName")
    .addSelect("account.type", "accountType")
    .addSelect("CASE WHEN session.lastSeenAt < :stale THEN 1 ELSE 0 END", "stale")
    .where("session.id = :sessionId AND session.expiresAt > :now")
    .andWhere("session.lastSeenAt > :idle AND session.createdAt > :tooOld")
    .setParameters({
      ...parameters,
      sessionId,
      now: new Date(now),
      idle: new Date(now - app.config.sessionIdleMs),
      tooOld: new Date(now - app.config.sessionLifetimeMs),
      stale: new Date(now - seenResolutionMs(app)),
    })
    .getRawMany<SessionRow>();
  if (rows.some(({ accountId, stale, ip }) => accountId && (Number(stale) || ip !== place.ip)))
    await app.dataSource.manager.update(
      SessionEntity,
      { id: sessionId },
      { lastSeenAt: new Date(now), ...placeOf(place) },
    );
  return rows;
}

/** Where a request comes from. */
type Place = Pick<RequestOrigin, "ip" | "userAgent">;

/** As it is stored. */
export const placeOf = ({ ip, userAgent }: Place): Place => ({ ip, userAgent: userAgent?.slice(0, 255) ?? null });

/** The conditions under which a session is valid now. Settings that were shortened apply to earlier sessions, too. */
export function validSessions({ config, now }: Pick<AppContext, "config" | "now">): FindOptionsWhere<SessionEntity> {
  const at = now();
  return {
    expiresAt: MoreThan(at),
    createdAt: MoreThan(new Date(at.getTime() - config.sessionLifetimeMs)),
    lastSeenAt: MoreThan(new Date(at.getTime() - config.sessionIdleMs)),
  };
}

/**
 * Marks a session as in use, so that nothing ends it before the transaction does. Throws UNAUTHENTICATED if it has
 * already ended.
 */
export async function holdSession(app: AppContext, manager: EntityManager, id: string, place: Place): Promise<void> {
  const seen = { lastSeenAt: app.now(), ...placeOf(place) };
  const { affected } = await manager.update(SessionEntity, { id, ...validSessions(app) }, seen);
  if (!affected) throw unauthenticated();
}

/** The person's current role. Throws UNAUTHENTICATED if the session has ended, and FORBIDDEN without a role. */
export async function currentRole(
  app: AppContext,
  manager: EntityManager,
  { id, account, sessionId }: PersonCaller,
): Promise<Role> {
  if (!(await manager.existsBy(SessionEntity, { id: sessionId, ...validSessions(app) }))) throw unauthenticated();
  const accountNow = (await accountsOfUser(manager, id)).find((each) => each.id === account.id);
  if (!accountNow) throw withoutRole(account.id);
  return accountNow.role;
}

interface SessionRow {
  sessionId: string;
  /** Where it was last used from. */
  ip: string | null;
  id: string;
  name: string;
  /** Null without a role, like the fields of the account. */
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

export const sessionIdOf = (cookie: string) => createHash("sha256").update(cookie).digest("hex");

/** Limits on session lookups, `perCaller` by IP address: anyone can make up a cookie. */
export const sessionLookups = { concurrency: 4, capacity: 1_000, perCaller: 200 };

/**
 * Whether it looks like a cookie of `signIn`: 32 bytes as base64url. Anything else is not a session, and costs no
 * query.
 */
export const isSessionCookie = (cookie: string) => /^[\w-]{43}$/.test(cookie);
