import { limits } from "@hallpass/shared";
import type { SelectQueryBuilder } from "typeorm";
import type { CallContext } from "../../context/request-context.js";
import { badInput } from "../../core/errors.js";
import { loadPage, type Page, type PageArgs } from "../../db/page.js";
import type { PageKey, Rows } from "../../db/page-order.js";
import type { OrderDirection } from "../../graphql/order-direction.js";
import { AuditRecordEntity } from "../audit/audit-record.entity.js";

export interface AuditRecordCondition {
  objectIds?: string[] | null;
  actorIds?: string[] | null;
  events?: string[] | null;
  at?: { from?: Date | null; to?: Date | null } | null;
}

const inOrder = (direction: OrderDirection): PageKey<AuditRecordEntity>[] => [
  { name: "SEQUENCE", property: "record.sequence", direction, type: "number", read: ({ sequence }) => sequence },
];

/** Cost of the statements of a page. No index covers several conditions: records are read until all of them match. */
export function costOfTrail({ filter }: { filter?: AuditRecordCondition | null }): number {
  const isFiltered = Object.values(filter ?? {}).some((condition) => condition != null);
  return isFiltered ? 4_000 : 1_000;
}

/** The account's trail, newest first by default. */
export function listAuditRecords(
  { app, caller }: CallContext,
  condition: AuditRecordCondition,
  args: PageArgs,
  direction: OrderDirection = "DESC",
): Promise<Page<AuditRecordEntity>> {
  const records = () =>
    app.dataSource.manager
      .createQueryBuilder(AuditRecordEntity, "record")
      .where("record.accountId = :accountId", { accountId: caller.account.id });
  const matching = records();
  addConditions(matching, condition);
  const rows: Rows<AuditRecordEntity> = {
    inOrder: (keys) => ({ query: matching.clone(), keys }),
    withIds: (ids) => records().useIndex("PRIMARY").andWhere("record.sequence IN (:...ids)", { ids }),
  };
  const isLong = Object.values(condition).some((each) => each != null);
  return loadPage(rows, inOrder(direction), args, { isLong });
}

/** Restricts a query of `record`. Throws BAD_USER_INPUT if a list is too long. */
export function addConditions(query: SelectQueryBuilder<AuditRecordEntity>, condition: AuditRecordCondition): void {
  for (const [property, values] of [
    ["objectId", condition.objectIds],
    ["actorId", condition.actorIds],
    ["event", condition.events],
  ] as const) {
    if (!values) continue;
    if (values.length > limits.filterListLength)
      throw badInput(`A list in a filter can have up to ${limits.filterListLength} entries.`);
    if (values.length === 0) query.andWhere("1 = 0");
    else query.andWhere(`record.${property} IN (:...${property})`, { [property]: values });
  }
  if (condition.at?.from) query.andWhere("record.at >= :from", { from: condition.at.from });
  if (condition.at?.to) query.andWhere("record.at < :to", { to: condition.at.to });
}

/** Null if the caller's account has no record with this number. */
export function findAuditRecord({ app, caller }: CallContext, sequence: number): Promise<AuditRecordEntity | null> {
  return app.dataSource.manager.findOneBy(AuditRecordEntity, { accountId: caller.account.id, sequence });
}
