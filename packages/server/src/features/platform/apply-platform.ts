import type { Role } from "@hallpass/shared";
import { type EntityManager, In, Not } from "typeorm";
import type { AppContext } from "../../app-context.js";
import { inTransaction, type Transaction } from "../../db/transaction.js";
import { AccountEntity, AccountModuleEntity } from "../accounts/account.entity.js";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";
import { searchKey } from "../api-tokens/filter-api-tokens.js";
import { startAuditTrail } from "../audit/head-signature.js";
import { type AuditEntry, writeAuditRecord } from "../audit/write-audit-record.js";
import { ModuleEntity } from "../modules/module.entity.js";
import { hashPassword, isPassword } from "../sessions/passwords.js";
import { SessionEntity } from "../sessions/session.entity.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";
import { type Platform, PlatformFileError } from "./platform-file.js";

/**
 * Brings modules, accounts, people and roles to what the file says, all or nothing, and says in a line each what
 * that took. What the file does not name is left as it is; an account's modules and a person's roles are complete lists.
 */
export function applyPlatform(app: AppContext, platform: Platform): Promise<string[]> {
  return inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    const done: string[] = [];
    const records: AccountEntry[] = [];
    const say: Say = (line, ...entries) => {
      done.push(line);
      records.push(...entries);
    };
    for (const module of platform.modules) await applyModule(manager, module, say);
    for (const account of platform.accounts) await applyAccount(app, manager, account, say);
    for (const user of platform.users) await applyUser(manager, user, say);
    await writeRecords(app, tx, records);
    return done;
  });
}

/** An entry of one account's audit trail. */
type AccountEntry = AuditEntry & { accountId: string };

/** What was done, and what goes into audit trails about it. */
type Say = (line: string, ...entries: AccountEntry[]) => void;

/** Account by account in the order of their identifiers, so that two of these never wait for each other in a circle. */
async function writeRecords(app: AppContext, tx: Transaction, records: AccountEntry[]): Promise<void> {
  const origin = { ip: null, userAgent: "hallpass command line", requestId: null };
  for (const { accountId, ...entry } of records.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1))) {
    const account = await tx.manager.findOneByOrFail(AccountEntity, { id: accountId });
    await writeAuditRecord(tx, { app, caller: { kind: "system", id: null, name: null, account }, origin }, entry);
  }
}

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
  app: AppContext,
  manager: EntityManager,
  { id, name, type, modules }: Platform["accounts"][number],
  say: Say,
) {
  const existing = await manager.findOneBy(AccountEntity, { id });
  if (!existing) {
    await manager.insert(AccountEntity, { id, name, type, createdAt: app.now() });
    await startAuditTrail(manager, app.keyring, id);
    say(`account ${id} added: ${name}`, {
      accountId: id,
      event: "account.created",
      summary: `Account ${name} added`,
      object: { id, name },
      after: { name, type },
    });
  } else if (existing.name !== name || existing.type !== type) {
    await manager.update(AccountEntity, { id }, { name, type });
    say(`account ${id} changed: ${name}`, {
      accountId: id,
      event: "account.updated",
      summary: `Account ${name} changed`,
      object: { id, name },
      before: { name: existing.name, type: existing.type },
      after: { name, type },
    });
  }
  await applyAccountModules(manager, { id, name }, modules, say);
}

async function applyAccountModules(
  manager: EntityManager,
  account: { id: string; name: string },
  modules: string[],
  say: Say,
) {
  const { id: accountId } = account;
  const wanted = [...new Set(modules)].sort();
  const known = (await manager.findBy(ModuleEntity, { id: In(wanted) })).map(({ id }) => id);
  const unknown = wanted.filter((id) => !known.includes(id));
  if (unknown.length)
    throw new PlatformFileError(`Account ${accountId} names modules that do not exist: ${unknown.join(", ")}`);
  const existing = (await manager.findBy(AccountModuleEntity, { accountId })).map(({ moduleId }) => moduleId).sort();
  const added = wanted.filter((id) => !existing.includes(id));
  const removed = existing.filter((id) => !wanted.includes(id));
  if (added.length)
    await manager.insert(
      AccountModuleEntity,
      added.map((moduleId) => ({ accountId, moduleId })),
    );
  if (removed.length) await manager.delete(AccountModuleEntity, { accountId, moduleId: In(removed) });
  for (const moduleId of added) say(`account ${accountId} may use ${moduleId}`);
  for (const moduleId of removed) say(`account ${accountId} may no longer use ${moduleId}`);
  if (added.length + removed.length === 0) return;
  say(`account ${accountId} has ${wanted.length} modules`, {
    accountId,
    event: "account.modules_changed",
    summary: `Modules of account ${account.name} changed`,
    object: account,
    before: { moduleIds: existing },
    after: { moduleIds: wanted },
  });
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
  await applyRoles(manager, { id, name }, roles, say);
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
  user: { id: string; name: string },
  wanted: Platform["users"][number]["roles"],
  say: Say,
) {
  const { id: userId, name } = user;
  const memberships = await manager.findBy(MembershipEntity, { userId });
  const existing = new Map(memberships.map(({ accountId, role }) => [accountId, role]));
  const entry = (accountId: string, role: Role | null): AccountEntry => ({
    accountId,
    event: "user.role_changed",
    summary: role ? `${name} is ${role} now` : `${name} has no role any more`,
    object: user,
    before: { role: existing.get(accountId) ?? null },
    after: { role },
  });
  for (const [accountId, role] of Object.entries(wanted)) {
    if (existing.get(accountId) === role) continue;
    if (!(await manager.existsBy(AccountEntity, { id: accountId })))
      throw new PlatformFileError(`User ${userId} has a role in an account that does not exist: ${accountId}`);
    await manager.save(MembershipEntity, { userId, accountId, role });
    say(`user ${userId} is ${role} in ${accountId}`, entry(accountId, role));
  }
  for (const accountId of existing.keys()) {
    if (wanted[accountId]) continue;
    await manager.delete(MembershipEntity, { userId, accountId });
    say(`user ${userId} has no role in ${accountId} any more`, entry(accountId, null));
  }
}
