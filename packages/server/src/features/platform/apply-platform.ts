import { type DataSource, type EntityManager, In, Not } from "typeorm";
import { inTransaction } from "../../db/transaction.js";
import { AccountEntity, AccountModuleEntity } from "../accounts/account.entity.js";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";
import { searchKey } from "../api-tokens/filter-api-tokens.js";
import { AuditHeadEntity } from "../audit/audit-record.entity.js";
import { ModuleEntity } from "../modules/module.entity.js";
import { hashPassword, isPassword } from "../sessions/passwords.js";
import { SessionEntity } from "../sessions/session.entity.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";
import { type Platform, PlatformFileError } from "./platform-file.js";

/**
 * Brings modules, accounts, people and roles to what the file says, all or nothing, and says in a line each what
 * that took. What the file does not name is left as it is; an account's modules and a person's roles are complete lists.
 */
export function applyPlatform(dataSource: DataSource, platform: Platform): Promise<string[]> {
  return inTransaction(dataSource, async ({ manager }) => {
    const done: string[] = [];
    const say = (line: string) => void done.push(line);
    for (const module of platform.modules) await applyModule(manager, module, say);
    for (const account of platform.accounts) await applyAccount(manager, account, say);
    for (const user of platform.users) await applyUser(manager, user, say);
    return done;
  });
}

type Say = (line: string) => void;

async function applyModule(
  manager: EntityManager,
  { id, name, description = null }: Platform["modules"][number],
  say: Say,
) {
  const wanted = { id, name, description };
  const existing = await manager.findOneBy(ModuleEntity, { id });
  if (existing && existing.name === name && existing.description === description) return;
  await manager.save(ModuleEntity, wanted);
  say(`module ${id} ${existing ? "changed" : "added"}: ${name}`);
}

async function applyAccount(
  manager: EntityManager,
  { id, name, type, modules }: Platform["accounts"][number],
  say: Say,
) {
  const existing = await manager.findOneBy(AccountEntity, { id });
  if (!existing) {
    await manager.insert(AccountEntity, { id, name, type, createdAt: new Date() });
    await manager.insert(AuditHeadEntity, { accountId: id, sequence: 0 });
    say(`account ${id} added: ${name}`);
  } else if (existing.name !== name || existing.type !== type) {
    await manager.update(AccountEntity, { id }, { name, type });
    say(`account ${id} changed: ${name}`);
  }
  await applyAccountModules(manager, id, modules, say);
}

async function applyAccountModules(manager: EntityManager, accountId: string, wanted: string[], say: Say) {
  const known = new Set((await manager.findBy(ModuleEntity, { id: In(wanted) })).map(({ id }) => id));
  const unknown = wanted.filter((id) => !known.has(id));
  if (unknown.length)
    throw new PlatformFileError(`Account ${accountId} names modules that do not exist: ${unknown.join(", ")}`);
  const existing = new Set((await manager.findBy(AccountModuleEntity, { accountId })).map(({ moduleId }) => moduleId));
  for (const moduleId of known) {
    if (existing.has(moduleId)) continue;
    await manager.insert(AccountModuleEntity, { accountId, moduleId });
    say(`account ${accountId} may use ${moduleId}`);
  }
  for (const moduleId of existing) {
    if (known.has(moduleId)) continue;
    await manager.delete(AccountModuleEntity, { accountId, moduleId });
    say(`account ${accountId} may no longer use ${moduleId}`);
  }
}

async function applyUser(
  manager: EntityManager,
  { id, name, email, password, roles }: Platform["users"][number],
  say: Say,
) {
  if (await manager.existsBy(UserEntity, { email, id: Not(id) }))
    throw new PlatformFileError(`User ${id} has an email address that another user has: ${email}`);
  const existing = await manager.findOneBy(UserEntity, { id });
  if (!existing) {
    if (password === undefined) throw new PlatformFileError(`User ${id} is new and needs a password.`);
    await manager.insert(UserEntity, { id, name, email, passwordHash: await hashPassword(password) });
    say(`user ${id} added: ${name}`);
  } else {
    await applyUserChanges(manager, existing, { name, email, password }, say);
  }
  await applyRoles(manager, id, roles, say);
}

async function applyUserChanges(
  manager: EntityManager,
  existing: UserEntity,
  { name, email, password }: { name: string; email: string; password: string | undefined },
  say: Say,
) {
  const { id } = existing;
  if (existing.name !== name || existing.email !== email) {
    await manager.update(UserEntity, { id }, { name, email });
    await manager.update(ApiTokenEntity, { createdById: id }, { createdByName: name, createdByKey: searchKey(name) });
    say(`user ${id} changed: ${name}`);
  }
  if (password !== undefined && !(await isPassword(password, existing.passwordHash))) {
    await manager.update(UserEntity, { id }, { passwordHash: await hashPassword(password) });
    await manager.delete(SessionEntity, { userId: id });
    say(`user ${id} has a new password and is signed out`);
  }
}

async function applyRoles(
  manager: EntityManager,
  userId: string,
  wanted: Platform["users"][number]["roles"],
  say: Say,
) {
  const existing = new Map(
    (await manager.findBy(MembershipEntity, { userId })).map((each) => [each.accountId, each.role]),
  );
  for (const [accountId, role] of Object.entries(wanted)) {
    if (existing.get(accountId) === role) continue;
    if (!(await manager.existsBy(AccountEntity, { id: accountId })))
      throw new PlatformFileError(`User ${userId} has a role in an account that does not exist: ${accountId}`);
    await manager.save(MembershipEntity, { userId, accountId, role });
    say(`user ${userId} is ${role} in ${accountId}`);
  }
  for (const accountId of existing.keys()) {
    if (wanted[accountId]) continue;
    await manager.delete(MembershipEntity, { userId, accountId });
    say(`user ${userId} has no role in ${accountId} any more`);
  }
}
