import { limits } from "@hallpass/shared";
import type { SelectQueryBuilder } from "typeorm";
import type { CallContext } from "../../context/request-context.js";
import { badInput } from "../../core/errors.js";
import { farOffset, loadPage, type Page } from "../../db/page.js";
import type { Id, PageKey, Rows } from "../../db/page-order.js";
import type { OrderDirection } from "../../graphql/order-direction.js";
import { ApiTokenAccessEntity, ApiTokenEntity } from "./api-token.entity.js";
import type { ApiTokenOrder, ApiTokenOrderField, ApiTokensArgs } from "./api-token.inputs.js";
import { addFilter, costOfFilter, deletedIn, isEveryToken, isWithDeleted, type Owner } from "./filter-api-tokens.js";
import { findFew } from "./find-few.js";
import { canSee } from "./visibility.js";

/** Measured with 10,000 tokens. */
const costOfAPage = 1_000;
const costOfSorting = 3_000;

type OrderKey = Omit<PageKey<ApiTokenEntity>, "name" | "direction">;

// Each has its own index. See the entity.
const orderKeys: Record<ApiTokenOrderField, OrderKey> = {
  NAME: { property: "token.nameKey", type: "text", read: (token) => token.nameKey },
  ID: { property: "token.id", type: "text", read: (token) => token.id },
  STATUS: { property: "token.status", type: "text", read: (token) => token.status },
  CREATED_BY: { property: "token.createdByKey", type: "text", nullable: true, read: (token) => token.createdByKey },
  CREATED_AT: { property: "token.createdAt", type: "date", read: (token) => token.createdAt },
  LAST_ACCESS_AT: {
    property: "access.lastAccessAt",
    type: "date",
    nullable: true,
    read: ({ access }) => access?.lastAccessAt ?? null,
  },
  EXPIRES_AT: { property: "token.expiresAt", type: "date", nullable: true, read: (token) => token.expiresAt },
  MODULE_COUNT: { property: "token.moduleCount", type: "number", read: (token) => token.moduleCount },
};

const newestFirst: ApiTokenOrder[] = [{ field: "CREATED_AT", direction: "DESC" }];

/**
 * Cost of the statements of a list. No index has the order of several fields, for which up to 10,000 tokens are sorted,
 * or that of a list with deleted tokens among others, for which the whole account is. A filter is compared with as many.
 * Far pages do both twice.
 */
export function costOfList({ filter, orderBy, offset }: ApiTokensArgs): number {
  const sorting = (orderBy?.length ?? 0) > 1 || isWithDeleted(filter ?? {}) ? costOfSorting : 0;
  const passes = (offset ?? 0) < farOffset ? 1 : 2;
  return costOfAPage + passes * (costOfFilter(filter ?? {}) + sorting);
}

/** A token the caller may see, or null. */
export async function findApiToken({ app, caller }: CallContext, id: string): Promise<ApiTokenEntity | null> {
  const token = await app.dataSource.manager.findOneBy(ApiTokenEntity, { id, accountId: caller.account.id });
  // MariaDB ignores trailing spaces when comparing IDs.
  return token?.id === id && canSee(caller, token) ? token : null;
}

/** Tokens of the caller's account. With `onlyCounted`, the page has no rows, only their number. */
export async function listApiTokens(
  { app: { dataSource }, caller }: CallContext,
  { filter: given = null, orderBy = null, ...page }: ApiTokensArgs,
  onlyCounted = false,
): Promise<Page<ApiTokenEntity>> {
  const filter = given ?? {};
  const order = orderBy?.length ? orderBy : newestFirst;
  const isLong = costOfList({ filter, orderBy }) > costOfAPage;
  const accountId = caller.account.id;
  const deleted = deletedIn(caller, filter);
  const tokens = () => dataSource.manager.createQueryBuilder(ApiTokenEntity, "token");
  const tokensBy = (owner: Owner, few: string[] | null = null) => {
    const query = few
      ? onlyOf(tokens(), few, accountId)
      : tokens().where(`${owner}.accountId = :accountId`, { accountId });
    addFilter(query, caller, filter, owner);
    return query;
  };
  const all = () => tokensBy("token");
  // Without the filter: a database could prefer an index of one of its conditions to the IDs.
  const withIds = (ids: Id[]) => onlyOf(tokens(), ids, accountId).andWhere(`token.deleted IN (${deleted})`);
  const scope = { dataSource, accountId, deleted };
  // Rejects an invalid filter before anything is looked up.
  if (!isEveryToken(filter)) all();
  const { ids: few, ...known } = await findFew(scope, filter, all);
  const counted = few ? () => tokensBy("token", few) : all;
  const options = { ...known, isLong, counted, onlyCounted };
  const keys = keysOf(order);
  if (!order.some(isByAccess)) {
    const shape = isEveryToken(filter)
      ? { manager: dataSource.manager, name: "tokens", parameters: [accountId] }
      : null;
    const rows: Rows<ApiTokenEntity> = { inOrder: (by) => ({ query: counted(), keys: by }), withIds };
    return loadPage(rows, keys, page, { ...options, shape });
  }
  const withAccess = (query: ReturnType<typeof all>) =>
    query.innerJoinAndMapOne("token.access", ApiTokenAccessEntity, "access", "access.tokenId = token.id");
  const rows: Rows<ApiTokenEntity> = {
    inOrder(by) {
      if (few || by[0]?.name !== "LAST_ACCESS_AT") return { query: withAccess(counted()), keys: by };
      // The index of last accesses starts with the account and ends with the ID, so its own table has the conditions.
      const inAccess = by.map((key) => (key.name === "ID" ? { ...key, property: "access.tokenId" } : key));
      return { query: withAccess(tokensBy("access")), keys: inAccess };
    },
    withIds: (ids) => withAccess(withIds(ids)),
  };
  return loadPage(rows, keys, page, options);
}

const isByAccess = ({ field }: ApiTokenOrder) => field === "LAST_ACCESS_AT";

/** Restricts a query of `token` to these of the account, found by their IDs and not through an index of the account. */
function onlyOf(query: SelectQueryBuilder<ApiTokenEntity>, ids: Id[], accountId: string) {
  if (ids.length === 0) return query.where("0 = 1");
  if (query.dataSource.options.type === "better-sqlite3")
    return query
      .where("token.id IN (SELECT value FROM json_each(:ids))", { ids: JSON.stringify(ids) })
      .andWhere("+ token.accountId = :accountId", { accountId });
  return query
    .useIndex("PRIMARY")
    .where("token.id IN (:ids)", { ids })
    .andWhere("token.accountId = :accountId", { accountId });
}

/**
 * The requested levels, and the ID to tell equal rows apart, in the direction one index can serve. Throws
 * BAD_USER_INPUT if there are too many levels.
 */
function keysOf(orderBy: ApiTokenOrder[]): PageKey<ApiTokenEntity>[] {
  if (orderBy.length > limits.orderLevels) throw badInput(`You can order by up to ${limits.orderLevels} fields.`);
  const levels = new Map<ApiTokenOrderField, OrderDirection>();
  for (const { field, direction } of orderBy) if (!levels.has(field)) levels.set(field, direction);
  if (!levels.has("ID")) levels.set("ID", [...levels.values()].at(-1) ?? "ASC");
  const untilId = [...levels].slice(0, [...levels.keys()].indexOf("ID") + 1);
  return untilId.map(([field, direction]) => ({ ...orderKeys[field], name: field, direction }));
}
