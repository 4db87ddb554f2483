import { In } from "typeorm";
import { AccountEntity, AccountModuleEntity } from "../accounts/account.entity.js";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";
import { startAuditTrail } from "../audit/heads/head-signature.js";
import { SessionEntity } from "../sessions/session.entity.js";
import { differenceOf } from "./difference.js";
import type { PlatformChange } from "./platform-change.js";
import { type Platform, PlatformFileError } from "./platform-file.js";
import { takeModulesFromTokens } from "./take-modules.js";

/** Adds, changes or reopens an account, and sets its modules to those in the file. */
export async function applyAccount(
  change: PlatformChange,
  { id, name, type, modules }: Platform["accounts"][number],
): Promise<void> {
  const { app, manager, state, journal } = change;
  const existing = state.accounts.get(id);
  if (!existing) {
    const account = Object.assign(new AccountEntity(), { id, name, type, createdAt: app.now(), closedAt: null });
    await manager.insert(AccountEntity, account);
    await startAuditTrail(manager, app.keyring, id);
    state.accounts.set(id, account);
    journal.say(`account ${id} added: ${name}`);
    journal.record([id], {
      event: "account.created",
      summary: `Account ${name} added`,
      object: account,
      after: { name, type },
    });
  } else {
    await reopenAccount(change, existing);
    const difference = differenceOf(existing, { name, type });
    if (difference) {
      await manager.update(AccountEntity, { id }, { name, type });
      Object.assign(existing, { name, type });
      journal.say(`account ${id} changed: ${name}`);
      journal.record([id], {
        event: "account.updated",
        summary: `Account ${name} changed`,
        object: { id, name },
        ...difference,
      });
    }
  }
  checkModules(change, id, modules);
  await changeAccountModules(change, id, [...new Set(modules)].sort());
}

async function reopenAccount({ manager, journal }: PlatformChange, account: AccountEntity): Promise<void> {
  const { id, name, closedAt } = account;
  if (!closedAt) return;
  await manager.update(AccountEntity, { id }, { closedAt: null });
  account.closedAt = null;
  journal.say(`account ${id} reopened: ${name}`);
  journal.record([id], {
    event: "account.reopened",
    summary: `Account ${name} reopened`,
    object: { id, name },
    before: { closedAt },
    after: { closedAt: null },
  });
}

/** Denies the account's tokens and ends its sessions. Tokens, modules and trail are kept in case it is reopened. */
export async function closeAccount({ app, manager, state, journal }: PlatformChange, id: string): Promise<void> {
  const account = state.accounts.get(id);
  if (!account || account.closedAt) return;
  const { name } = account;
  const closedAt = app.now();
  await manager.update(AccountEntity, { id }, { closedAt });
  account.closedAt = closedAt;
  await manager.delete(SessionEntity, { accountId: id });
  const tokens = await manager.countBy(ApiTokenEntity, { accountId: id, deleted: 0, status: "ACTIVE" });
  journal.say(`account ${id} closed: ${name}`);
  if (tokens > 0) journal.say(`account ${id} has ${counted(tokens, "active token")}, now denied`);
  journal.record([id], {
    event: "account.closed",
    summary: `Account ${name} closed`,
    object: { id, name },
    before: { closedAt: null },
    after: { closedAt },
  });
}

function checkModules({ listed, state, prune }: PlatformChange, accountId: string, moduleIds: string[]): void {
  const unknown = moduleIds.filter((id) => !state.modules.has(id));
  if (unknown.length)
    throw new PlatformFileError(`Account ${accountId} lists modules that do not exist: ${unknown.join(", ")}`);
  const unlisted = moduleIds.filter((id) => prune && !listed.modules.has(id));
  if (unlisted.length)
    throw new PlatformFileError(
      `Account ${accountId} lists modules that --prune would remove, because the file does not list them: ` +
        unlisted.join(", "),
    );
}

/**
 * `wanted` must be sorted. Tokens lose modules their account loses, and must be granted them again if the account gets
 * them back.
 */
export async function changeAccountModules(change: PlatformChange, accountId: string, wanted: string[]): Promise<void> {
  const { manager, state, journal } = change;
  const existing = state.modulesOf.get(accountId) ?? [];
  const added = wanted.filter((id) => !existing.includes(id));
  const removed = existing.filter((id) => !wanted.includes(id));
  if (added.length + removed.length === 0) return;
  if (added.length)
    await manager.insert(
      AccountModuleEntity,
      added.map((moduleId) => ({ accountId, moduleId })),
    );
  if (removed.length) await manager.delete(AccountModuleEntity, { accountId, moduleId: In(removed) });
  state.modulesOf.set(accountId, wanted);
  const name = state.accounts.get(accountId)?.name ?? accountId;
  journal.record([accountId], {
    event: "account.modules_changed",
    summary: `Modules of account ${name} changed`,
    object: { id: accountId, name },
    before: { moduleIds: existing },
    after: { moduleIds: wanted },
  });
  // Earlier versions left tokens the modules their account had lost, so added modules are removed from tokens too.
  const lost = await takeModulesFromTokens(change, accountId, [...added, ...removed]);
  for (const moduleId of added) journal.say(`account ${accountId} may use ${moduleId}`);
  for (const moduleId of removed) journal.say(`account ${accountId} may no longer use ${moduleId}`);
  for (const [moduleId, tokens] of lost)
    journal.say(`${counted(tokens, "token")} of account ${accountId} lost ${moduleId}`);
  journal.say(`account ${accountId} has ${counted(wanted.length, "module")}`);
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
