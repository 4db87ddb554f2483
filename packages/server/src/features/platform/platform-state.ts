import type { Role } from "@hallpass/shared";
import type { EntityManager } from "typeorm";
import { AccountEntity, AccountModuleEntity } from "../accounts/account.entity.js";
import { ModuleEntity } from "../modules/module.entity.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";

/** Everything a platform file is compared with, by ID. Code that changes a row must update it here too. */
export interface PlatformState {
  modules: Map<string, ModuleEntity>;
  /** Including closed ones. */
  accounts: Map<string, AccountEntity>;
  /** Module IDs of each account, sorted. */
  modulesOf: Map<string, string[]>;
  users: Map<string, UserEntity>;
  userIdByEmail: Map<string, string>;
  /** The role of each person in each of their accounts. */
  rolesOf: Map<string, Map<string, Role>>;
}

export async function readPlatformState(manager: EntityManager): Promise<PlatformState> {
  const order = { id: "ASC" } as const;
  const modulesOf = new Map<string, string[]>();
  const links = await manager.find(AccountModuleEntity, { order: { accountId: "ASC", moduleId: "ASC" } });
  for (const { accountId, moduleId } of links)
    modulesOf.set(accountId, [...(modulesOf.get(accountId) ?? []), moduleId]);
  const rolesOf = new Map<string, Map<string, Role>>();
  for (const { userId, accountId, role } of await manager.find(MembershipEntity))
    rolesOf.set(userId, (rolesOf.get(userId) ?? new Map()).set(accountId, role));
  const users = await manager.find(UserEntity, { order });
  return {
    modules: byId(await manager.find(ModuleEntity, { order })),
    accounts: byId(await manager.find(AccountEntity, { order })),
    modulesOf,
    users: byId(users),
    userIdByEmail: new Map(users.map(({ id, email }) => [email, id])),
    rolesOf,
  };
}

const byId = <Row extends { id: string }>(rows: Row[]) => new Map(rows.map((row) => [row.id, row]));
