import type { Role } from "@hallpass/shared";
import type { EntityManager, SelectQueryBuilder } from "typeorm";
import type { AccountSummary } from "../../core/caller-types.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { MembershipEntity, UserEntity } from "./user.entity.js";

/** Users of an account, by name. */
export function usersOfAccount(manager: EntityManager, accountId: string): Promise<UserEntity[]> {
  return membersOf(manager, accountId).orderBy("user.name").addOrderBy("user.id").getMany();
}

function membersOf(manager: EntityManager, accountId: string): SelectQueryBuilder<UserEntity> {
  return manager
    .createQueryBuilder(UserEntity, "user")
    .innerJoin(MembershipEntity, "membership", "membership.userId = user.id")
    .where("membership.accountId = :accountId", { accountId });
}

/** Every open account in which the person has a role, with the role. */
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
