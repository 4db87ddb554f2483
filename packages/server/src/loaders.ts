import DataLoader from "dataloader";
import { type DataSource, type EntityTarget, In, MoreThanOrEqual, type ObjectLiteral } from "typeorm";
import { AccountEntity, AccountModuleEntity } from "./features/accounts/account.entity.js";
import { ApiTokenEntity, ApiTokenEventEntity, ApiTokenModuleEntity } from "./features/api-tokens/api-token.entity.js";
import { ApiTokenSecretEntity } from "./features/api-tokens/api-token-secret.entity.js";
import { ModuleEntity } from "./features/modules/module.entity.js";
import { TokenUsageEntity } from "./features/usage/usage.entity.js";
import { MembershipEntity, UserEntity } from "./features/users/user.entity.js";

type TokenValueDates = Pick<ApiTokenSecretEntity, "tokenId" | "slot" | "validUntil" | "lastUsedAt">;

export type Loaders = ReturnType<typeof createLoaders>;

/** One statement for all rows that a request asks for, whatever the length of its lists. Lives for one request. */
export function createLoaders(dataSource: DataSource) {
  const module = byId(dataSource, ModuleEntity);
  return {
    account: byId(dataSource, AccountEntity),
    member: membersOf(dataSource),
    apiToken: byId(dataSource, ApiTokenEntity),
    module,
    modulesOfToken: modulesOf(dataSource, module, ApiTokenModuleEntity, "tokenId"),
    modulesOfAccount: modulesOf(dataSource, module, AccountModuleEntity, "accountId"),
    /** When each value was last used and until when it works; never what the values are made of. */
    valuesOfToken: new DataLoader<string, TokenValueDates[]>(async (tokenIds) => {
      const values = await dataSource.manager.find(ApiTokenSecretEntity, {
        select: { tokenId: true, slot: true, validUntil: true, lastUsedAt: true },
        where: { tokenId: In([...tokenIds]) },
      });
      return grouped(tokenIds, values, ({ tokenId }) => tokenId);
    }),
    usageOfToken: usageOf(dataSource),
    eventsOfToken: new DataLoader<string, ApiTokenEventEntity[]>(async (tokenIds) => {
      const events = await dataSource.manager.findBy(ApiTokenEventEntity, { tokenId: In([...tokenIds]) });
      return grouped(tokenIds, events, (event) => event.tokenId).map((each) =>
        each.sort((a, b) => a.at.getTime() - b.at.getTime()),
      );
    }),
  };
}

function byId<Row extends ObjectLiteral & { id: string }>(dataSource: DataSource, target: EntityTarget<Row>) {
  return new DataLoader<string, Row | null>(async (ids) => {
    const rows = await dataSource
      .createQueryBuilder(target, "row")
      .where("row.id IN (:...ids)", { ids: [...ids] })
      .getMany();
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? null);
  });
}

/** People of an account; null for anyone who is none of its people. */
function membersOf(dataSource: DataSource) {
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

/** The modules that a link table gives an owner, by name. */
function modulesOf<Link extends ObjectLiteral & { moduleId: string }>(
  dataSource: DataSource,
  modules: DataLoader<string, ModuleEntity | null>,
  target: EntityTarget<Link>,
  owner: keyof Link & string,
) {
  return new DataLoader<string, ModuleEntity[]>(async (ownerIds) => {
    const links = await dataSource
      .createQueryBuilder(target, "link")
      .where(`link.${owner} IN (:...ownerIds)`, { ownerIds: [...ownerIds] })
      .getMany();
    const found = await modules.loadMany([...new Set(links.map(({ moduleId }) => moduleId))]);
    const byModuleId = new Map(found.filter((each) => each instanceof ModuleEntity).map((each) => [each.id, each]));
    return grouped(ownerIds, links, (link) => link[owner] as string).map((each) =>
      each
        .map(({ moduleId }) => byModuleId.get(moduleId))
        .filter((row) => row !== undefined)
        .sort((a, b) => a.name.localeCompare(b.name, "en")),
    );
  });
}

/** Days with traffic, since a day like 2026-01-31; one statement for all tokens, from the earliest of the days asked for. */
function usageOf(dataSource: DataSource) {
  return new DataLoader<{ tokenId: string; since: string }, TokenUsageEntity[], string>(
    async (keys) => {
      const tokenIds = [...new Set(keys.map(({ tokenId }) => tokenId))];
      const earliest = keys.map(({ since }) => since).sort()[0] ?? "";
      const days = await dataSource.manager.findBy(TokenUsageEntity, {
        tokenId: In(tokenIds),
        day: MoreThanOrEqual(earliest),
      });
      const groups = grouped(tokenIds, days, ({ tokenId }) => tokenId);
      const byToken = new Map(tokenIds.map((tokenId, index) => [tokenId, groups[index]]));
      return keys.map(({ tokenId, since }) => (byToken.get(tokenId) ?? []).filter(({ day }) => day >= since));
    },
    { cacheKeyFn: ({ tokenId, since }) => `${tokenId} ${since}` },
  );
}

function grouped<Row>(keys: readonly string[], rows: Row[], keyOf: (row: Row) => string): Row[][] {
  const groups = new Map<string, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(keyOf(row))?.push(row);
  return keys.map((key) => groups.get(key) ?? []);
}
