import DataLoader from "dataloader";
import type { DataSource } from "typeorm";
import { MembershipEntity, UserEntity } from "./user.entity.js";

/** Users of an account. Null for anyone without a role in it. */
export function memberOfAccount(dataSource: DataSource) {
  const keyOf = (accountId: string, userId: string) => `${accountId} ${userId}`;
  return new DataLoader<{ accountId: string; userId: string }, UserEntity | null, string>(
    async (keys) => {
      const found = await dataSource
        .createQueryBuilder(UserEntity, "user")
        .innerJoin(MembershipEntity, "membership", "membership.userId = user.id")
        .addSelect("membership.accountId", "memberOf")
        .where("user.id IN (:...userIds)", { userIds: keys.map(({ userId }) => userId) })
        .andWhere("membership.accountId IN (:...accountIds)", { accountIds: keys.map(({ accountId }) => accountId) })
        .getRawAndEntities<{ user_id: string; memberOf: string }>();
      const users = new Map(found.entities.map((user) => [user.id, user]));
      const members = new Set(found.raw.map(({ user_id, memberOf }) => keyOf(memberOf, user_id)));
      return keys.map(({ accountId, userId }) =>
        members.has(keyOf(accountId, userId)) ? (users.get(userId) ?? null) : null,
      );
    },
    { cacheKeyFn: ({ accountId, userId }) => keyOf(accountId, userId) },
  );
}
