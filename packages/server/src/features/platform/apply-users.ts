import type { Role } from "@hallpass/shared";
import { type EntityManager, In } from "typeorm";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";
import { searchKey } from "../api-tokens/search-text.js";
import { hashPassword, isPassword, noPassword } from "../sessions/passwords.js";
import { SessionEntity } from "../sessions/session.entity.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";
import { differenceOf } from "./difference.js";
import type { PlatformChange } from "./platform-change.js";
import { type Platform, PlatformFileError } from "./platform-file.js";

type UserOfFile = Platform["users"][number];

/** Hash of a person's password as stored and as in the file: the same if the password is the same. */
interface PreparedPassword {
  stored: string | null;
  wanted: string;
}

/** By person ID. */
export type PreparedPasswords = Map<string, PreparedPassword>;

/** Hashing takes too long for a transaction, so it is done beforehand, based on what is stored by then. */
export async function preparePasswords(manager: EntityManager, users: UserOfFile[]): Promise<PreparedPasswords> {
  const withPassword = users.filter(({ password }) => password !== undefined);
  const stored = await manager.find(UserEntity, {
    select: { id: true, passwordHash: true },
    where: { id: In(withPassword.map(({ id }) => id)) },
  });
  const hashes = new Map(stored.map(({ id, passwordHash }) => [id, passwordHash]));
  const prepared: PreparedPasswords = new Map();
  for (const { id, password = "" } of withPassword)
    prepared.set(id, await preparePassword(password, hashes.get(id) ?? null));
  return prepared;
}

async function preparePassword(password: string, stored: string | null): Promise<PreparedPassword> {
  const isSame = stored !== null && (await isPassword(password, stored));
  return { stored, wanted: isSame ? stored : await hashPassword(password) };
}

/** The hash to store. Undefined if the file has no password. */
async function passwordHashOf({ id, password }: UserOfFile, stored: string | null, passwords: PreparedPasswords) {
  if (password === undefined) return undefined;
  const prepared = passwords.get(id);
  // Another run has changed it since it was prepared.
  if (prepared?.stored !== stored) return (await preparePassword(password, stored)).wanted;
  return prepared.wanted;
}

/** Adds or changes a person, and sets their roles to those in the file. */
export async function applyUser(change: PlatformChange, user: UserOfFile, passwords: PreparedPasswords): Promise<void> {
  const { manager, state, journal } = change;
  const { id, name, email, roles } = user;
  const existing = state.users.get(id);
  const owner = state.userIdByEmail.get(email);
  if (owner !== undefined && owner !== id)
    throw new PlatformFileError(`User ${id} has the email address of another user: ${email}`);
  const passwordHash = await passwordHashOf(user, existing?.passwordHash ?? null, passwords);
  const concerned = new Set([...(state.rolesOf.get(id)?.keys() ?? []), ...Object.keys(roles)]);
  for (const accountId of Object.keys(roles)) checkAccount(change, id, accountId);
  if (!existing) {
    if (passwordHash === undefined && !change.app.config.identityProvider)
      throw new PlatformFileError(`User ${id} is new and needs a password, as no identity provider is configured.`);
    const added = Object.assign(new UserEntity(), { id, name, email, passwordHash: passwordHash ?? noPassword });
    await manager.insert(UserEntity, added);
    state.users.set(id, added);
    state.userIdByEmail.set(email, id);
    journal.say(`user ${id} added: ${name}`);
    journal.record(concerned, {
      event: "user.created",
      summary: `User ${name} added`,
      object: { id, name },
      after: { name, email },
    });
  } else {
    await changeUser(change, existing, { name, email }, concerned);
    if (passwordHash !== undefined) await changePassword(change, existing, passwordHash, concerned);
  }
  await changeRoles(change, { id, name }, roles);
}

function checkAccount({ listed, state, prune }: PlatformChange, userId: string, accountId: string): void {
  const account = state.accounts.get(accountId);
  const where = `User ${userId} has a role in an account`;
  if (!account) throw new PlatformFileError(`${where} that does not exist: ${accountId}`);
  if (account.closedAt) throw new PlatformFileError(`${where} that is closed: ${accountId}. List it to reopen it.`);
  if (prune && !listed.accounts.has(accountId))
    throw new PlatformFileError(`${where} that --prune would close, because the file does not list it: ${accountId}`);
}

async function changeUser(
  { manager, state, journal }: PlatformChange,
  user: UserEntity,
  wanted: { name: string; email: string },
  concerned: Iterable<string>,
): Promise<void> {
  const { id } = user;
  const { name } = wanted;
  const difference = differenceOf(user, wanted);
  if (!difference) return;
  await manager.update(UserEntity, { id }, wanted);
  if (user.name !== name)
    await manager.update(ApiTokenEntity, { createdById: id }, { createdByName: name, createdByKey: searchKey(name) });
  state.userIdByEmail.delete(user.email);
  state.userIdByEmail.set(wanted.email, id);
  Object.assign(user, wanted);
  journal.say(`user ${id} changed: ${name}`);
  journal.record(concerned, {
    event: "user.updated",
    summary: `User ${name} changed`,
    object: { id, name },
    ...difference,
  });
}

export async function changePassword(
  { manager, journal }: Pick<PlatformChange, "manager" | "journal">,
  user: UserEntity,
  passwordHash: string,
  concerned: Iterable<string>,
): Promise<void> {
  const { id, name } = user;
  if (user.passwordHash === passwordHash) return;
  await manager.update(UserEntity, { id }, { passwordHash });
  user.passwordHash = passwordHash;
  await manager.delete(SessionEntity, { userId: id });
  journal.say(`user ${id} has a new password and is signed out`);
  // Only that it changed, nothing it could be guessed from.
  journal.record(concerned, {
    event: "user.password_changed",
    summary: `Password of ${name} changed`,
    object: { id, name },
  });
}

async function changeRoles(
  { manager, state, journal }: PlatformChange,
  user: { id: string; name: string },
  wanted: Partial<Record<string, Role>>,
): Promise<void> {
  const { id: userId, name } = user;
  const existing = state.rolesOf.get(userId) ?? new Map<string, Role>();
  const record = (accountId: string, role: Role | null) => {
    const account = `${state.accounts.get(accountId)?.name} (${accountId})`;
    journal.record([accountId], {
      event: "user.role_changed",
      summary: role ? `${name} is now ${role} of ${account}` : `${name} no longer has a role in ${account}`,
      object: user,
      before: { role: existing.get(accountId) ?? null },
      after: { role },
    });
  };
  for (const [accountId, role] of Object.entries(wanted)) {
    if (!role || existing.get(accountId) === role) continue;
    if (existing.has(accountId)) await manager.update(MembershipEntity, { userId, accountId }, { role });
    else await manager.insert(MembershipEntity, { userId, accountId, role });
    journal.say(`user ${userId} is ${role} in ${accountId}`);
    record(accountId, role);
  }
  for (const accountId of existing.keys()) {
    if (wanted[accountId]) continue;
    await manager.delete(MembershipEntity, { userId, accountId });
    // Otherwise it would be valid again once they regain a role there.
    await manager.delete(SessionEntity, { userId, accountId });
    journal.say(`user ${userId} no longer has a role in ${accountId}`);
    record(accountId, null);
  }
  state.rolesOf.set(userId, new Map(Object.entries(wanted) as [string, Role][]));
}

/** Also removes sessions and roles. Trails and tokens keep the person's name. */
export async function removeUser(change: PlatformChange, id: string): Promise<void> {
  const { manager, state, journal } = change;
  const user = state.users.get(id);
  if (!user) return;
  const { name, email } = user;
  const accountIds = [...(state.rolesOf.get(id)?.keys() ?? [])];
  await changeRoles(change, { id, name }, {});
  await manager.delete(SessionEntity, { userId: id });
  await manager.delete(UserEntity, { id });
  state.users.delete(id);
  state.userIdByEmail.delete(email);
  state.rolesOf.delete(id);
  journal.say(`user ${id} removed: ${name}`);
  journal.record(accountIds, {
    event: "user.removed",
    summary: `User ${name} removed`,
    object: { id, name },
    before: { email },
  });
}
