import type { AccountEntity } from "../accounts/account.entity.js";
import type { ModuleEntity } from "../modules/module.entity.js";
import type { UserEntity } from "../users/user.entity.js";
import type { PlatformChange } from "./platform-change.js";
import { PlatformFileError } from "./platform-file.js";
import type { PlatformState } from "./platform-state.js";

/** Items in the database but not in the file, except accounts that are already closed. */
export interface Unlisted {
  users: UserEntity[];
  accounts: AccountEntity[];
  modules: ModuleEntity[];
}

export function unlistedIn(state: PlatformState, listed: PlatformChange["listed"]): Unlisted {
  return {
    users: [...state.users.values()].filter(({ id }) => !listed.users.has(id)),
    accounts: [...state.accounts.values()].filter(({ id, closedAt }) => !closedAt && !listed.accounts.has(id)),
    modules: [...state.modules.values()].filter(({ id }) => !listed.modules.has(id)),
  };
}

export function linesOf({ users, accounts, modules }: Unlisted): string[] {
  return [
    ...modules.map(({ id, name }) => `module ${id}: ${name}`),
    ...accounts.map(({ id, name }) => `account ${id}: ${name}`),
    ...users.map(({ id, name }) => `user ${id}: ${name}`),
  ];
}

// A truncated file, or one that lists one customer of many, must not remove the whole deployment.

const unlessForced = "Nothing was changed. If this is intended, add --force.";

/** Throws a PlatformFileError if most people would be removed or most open accounts closed. */
export function refuseMassRemoval(state: PlatformState, { users, accounts }: Unlisted): void {
  const open = [...state.accounts.values()].filter(({ closedAt }) => !closedAt).length;
  if (users.length * 2 > state.users.size)
    throw new PlatformFileError(`--prune would remove ${users.length} of ${state.users.size} people. ${unlessForced}`);
  if (accounts.length * 2 > open)
    throw new PlatformFileError(`--prune would close ${accounts.length} of ${open} accounts. ${unlessForced}`);
}

/** Listed accounts in which an unlisted person is ADMIN. */
export function accountsLosingAdmins(
  { rolesOf }: PlatformState,
  { users }: Unlisted,
  listed: PlatformChange["listed"],
): string[] {
  const accountIds = users.flatMap(({ id }) =>
    [...(rolesOf.get(id) ?? [])].filter(([, role]) => role === "ADMIN").map(([accountId]) => accountId),
  );
  return [...new Set(accountIds)].filter((id) => listed.accounts.has(id)).sort();
}

/** Throws a PlatformFileError if one of the accounts has no ADMIN left. */
export function refuseWithoutAdmin({ rolesOf }: PlatformState, accountIds: string[]): void {
  const administered = new Set(
    [...rolesOf.values()].flatMap((roles) => [...roles].filter(([, role]) => role === "ADMIN").map(([id]) => id)),
  );
  const without = accountIds.filter((id) => !administered.has(id));
  if (without.length)
    throw new PlatformFileError(
      `--prune would remove the last ADMIN of ${without.join(", ")}. Give someone else that role. ${unlessForced}`,
    );
}
