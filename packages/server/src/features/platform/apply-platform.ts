import { hallpassModules } from "@hallpass/shared";
import type { AppContext } from "../../context/app-context.js";
import { isDuplicate } from "../../db/database-errors.js";
import { inTransaction, type Transaction } from "../../db/transaction.js";
import { lockAuditTrails } from "../audit/write-audit-record.js";
import { applyAccount, closeAccount } from "./apply-accounts.js";
import { applyModule, removeModule } from "./apply-modules.js";
import { applyUser, type PreparedPasswords, preparePasswords, removeUser } from "./apply-users.js";
import { Journal } from "./journal.js";
import type { PlatformChange } from "./platform-change.js";
import type { Platform } from "./platform-file.js";
import { readPlatformState } from "./platform-state.js";
import { accountsLosingAdmins, linesOf, refuseMassRemoval, refuseWithoutAdmin, unlistedIn } from "./unlisted.js";

export interface ApplyOptions {
  /** Removes people and modules and closes accounts that the file does not list. */
  prune?: boolean;
  /** Prunes even if that removes most people or accounts, or an account's last ADMIN. */
  force?: boolean;
  /** Applies everything and rolls it back. */
  dryRun?: boolean;
}

export interface Applied {
  /** Changes made, one per line. */
  changes: string[];
  /** Items the file does not list, one per line. They were left unchanged. Empty after `prune`. */
  unlisted: string[];
  /** Modules Hallpass needs and the platform lacks, one per line. */
  warnings: string[];
}

/**
 * Applies the modules, accounts, people and roles of a platform file, all or nothing. Each change is recorded in the
 * trails of the accounts concerned and of the OPERATIONS accounts. An account's modules and a person's roles are
 * complete lists. Throws a PlatformFileError if the file contradicts the database or itself.
 */
export async function applyPlatform(app: AppContext, platform: Platform, options: ApplyOptions = {}): Promise<Applied> {
  for (let attempt = 1; ; attempt++) {
    const passwords = await preparePasswords(app.dataSource.manager, platform.users);
    try {
      return await applyOnce(app, platform, passwords, options);
    } catch (error) {
      // Another run has just added the same, so the next attempt finds it.
      if (attempt >= attempts || !isDuplicate(error)) throw error;
    }
  }
}

const attempts = 5;

async function applyOnce(
  app: AppContext,
  platform: Platform,
  passwords: PreparedPasswords,
  { prune = false, force = false, dryRun = false }: ApplyOptions,
): Promise<Applied> {
  let applied: Applied | null = null;
  try {
    return await inTransaction(app.dataSource, async (tx) => {
      applied = await changeAll(app, tx, platform, passwords, { prune, force });
      if (dryRun) throw new DryRun();
      return applied;
    });
  } catch (error) {
    if (error instanceof DryRun && applied) return applied;
    throw error;
  }
}

/** Thrown to roll back a dry run. */
class DryRun extends Error {}

async function changeAll(
  app: AppContext,
  tx: Transaction,
  platform: Platform,
  passwords: PreparedPasswords,
  { prune, force }: { prune: boolean; force: boolean },
): Promise<Applied> {
  const { manager } = tx;
  // First, so that decisions from here on stay valid: every other change waits for its account's trail.
  await lockAuditTrails(manager);
  const state = await readPlatformState(manager);
  const listed = {
    modules: new Set(platform.modules.map(({ id }) => id)),
    accounts: new Set(platform.accounts.map(({ id }) => id)),
    users: new Set(platform.users.map(({ id }) => id)),
  };
  const unlisted = unlistedIn(state, listed);
  const pruned = prune ? unlisted : { users: [], accounts: [], modules: [] };
  const losingAdmins = accountsLosingAdmins(state, pruned, listed);
  const journal = new Journal();
  const change: PlatformChange = { app, manager, listed, state, journal, prune };
  if (!force) refuseMassRemoval(state, pruned);

  for (const module of platform.modules) await applyModule(change, module);
  for (const account of platform.accounts) await applyAccount(change, account);
  // Before the listed people, one of whom may take over the email address of a removed one.
  for (const { id } of pruned.users) await removeUser(change, id);
  for (const user of platform.users) await applyUser(change, user, passwords);
  for (const { id } of pruned.accounts) await closeAccount(change, id);
  for (const { id } of pruned.modules) await removeModule(change, id);
  if (!force) refuseWithoutAdmin(state, losingAdmins);
  await journal.write(app, tx, state);
  const isThere = (id: string) => listed.modules.has(id) || (!prune && state.modules.has(id));
  return {
    changes: journal.lines,
    unlisted: prune ? [] : linesOf(unlisted),
    warnings: Object.values(hallpassModules).flatMap((id) => (isThere(id) ? [] : [missing(id)])),
  };
}

const missing = (id: HallpassModule) => `There is no module ${id}. Without it, no API token can ${opens[id]}.`;

const opens = {
  [hallpassModules.accessManagement]: "read or change tokens",
  [hallpassModules.audit]: "read the audit trail",
  [hallpassModules.tokenVerification]: "introspect tokens",
};

type HallpassModule = keyof typeof opens;
