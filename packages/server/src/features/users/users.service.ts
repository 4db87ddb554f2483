import type { EntityManager, SelectQueryBuilder } from "typeorm";
import { MembershipEntity, UserEntity } from "./user.entity.js";

/** People of an account, by name. */
export function usersOfAccount(manager: EntityManager, accountId: string): Promise<UserEntity[]> {
  return membersOf(manager, accountId).orderBy("user.name").addOrderBy("user.id").getMany();
}

/** A person of an account; null when they are none of its people. */
export function userOfAccount(manager: EntityManager, accountId: string, id: string): Promise<UserEntity | null> {
  return membersOf(manager, accountId).andWhere("user.id = :id", { id }).getOne();
}

function membersOf(manager: EntityManager, accountId: string): SelectQueryBuilder<UserEntity> {
  return manager
    .createQueryBuilder(UserEntity, "user")
    .innerJoin(MembershipEntity, "membership", "membership.userId = user.id")
    .where("membership.accountId = :accountId", { accountId });
}
