import type { EntityManager } from "typeorm";
import { readPrepared } from "../../db/rows.js";
import { AuditRecordEntity } from "./audit-record.entity.js";

/** Checks are answered between two reads: verifying or exporting this many records takes less than a millisecond. */
export const recordsPerRead = 25;

/** The account's next records, in order. There are no more if there are fewer than `recordsPerRead`. */
export function recordsAfter(manager: EntityManager, accountId: string, after: number): Promise<AuditRecordEntity[]> {
  const name = `${recordsPerRead} records after another`;
  // As text: TypeORM writes numbers into the statement, which would not stay prepared.
  const sequence = String(after);
  return readPrepared({ manager, name, parameters: [accountId, sequence] }, () =>
    manager
      .createQueryBuilder(AuditRecordEntity, "record")
      .where("record.accountId = :accountId AND record.sequence > :sequence", { accountId, sequence })
      .orderBy("record.sequence")
      .limit(recordsPerRead),
  );
}
