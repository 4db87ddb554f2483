import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Options, stringify } from "csv-stringify/sync";
import type { EntityManager, SelectQueryBuilder } from "typeorm";
import type { CallContext } from "../../context/request-context.js";
import { readRows } from "../../db/rows.js";
import { findArchived } from "../audit/archive/archived.js";
import { AuditRecordEntity } from "../audit/audit-record.entity.js";
import { recordsAfter, recordsPerRead } from "../audit/read-records.js";
import { writeAuditRecord } from "../audit/write-audit-record.js";
import { inAuthorizedTransaction } from "../callers/authorized-transaction.js";
import { currentCaller } from "../callers/current-caller.js";
import { type AuditRecordCondition, addConditions } from "./list-audit-records.js";

export const exportFormats = { csv: "text/csv; charset=utf-8", jsonl: "application/jsonl; charset=utf-8" } as const;
export type ExportFormat = keyof typeof exportFormats;

/**
 * The records of the account's trail that match, oldest first. Without conditions, the last one is that of the export
 * itself, which is written before the first byte is sent. JSON lines contain each record as it was hashed (hash-chain.ts). In CSV (RFC 4180), text that
 * a spreadsheet would treat as a formula is prefixed with `'`. Throws RATE_LIMITED, UNAUTHENTICATED or FORBIDDEN.
 */
export async function exportAuditTrail(
  context: CallContext,
  format: ExportFormat,
  condition: AuditRecordCondition = {},
): Promise<Readable> {
  const { app, caller } = context;
  await app.wholeTrailLimit.take(caller.id ?? "");
  const last = await inAuthorizedTransaction(context, "auditTrail:read", (tx) =>
    writeAuditRecord(tx, context, {
      event: "audit_trail.exported",
      summary: `${caller.name} exported the audit trail`,
      object: caller.account,
      after: { format, ...(Object.keys(condition).length > 0 && { filter: condition }) },
    }),
  );
  // A failure midway truncates the response, which the client's HTTP library reports.
  return Readable.from(texts(recordsUpTo(context, last, condition), format));
}

/** Each batch as text. */
async function* texts(batches: AsyncIterable<AuditRecordEntity[]>, format: ExportFormat): AsyncGenerator<string> {
  let isFirst = true;
  for await (const records of batches) {
    if (records.length === 0) continue;
    if (format === "jsonl") yield records.map((record) => `${JSON.stringify(record)}\n`).join("");
    else yield stringify(records, { ...csv, bom: isFirst, header: isFirst });
    isFirst = false;
  }
}

/** In batches. Throws UNAUTHENTICATED or FORBIDDEN once the caller loses access. */
async function* recordsUpTo(
  context: CallContext,
  last: number,
  condition: AuditRecordCondition,
): AsyncGenerator<AuditRecordEntity[]> {
  const { app, caller } = context;
  const { manager } = app.dataSource;
  const isFiltered = Object.keys(condition).length > 0;
  const step = isFiltered ? searchedPerRead : recordsPerRead;
  const archived = await findArchived(manager, caller.account.id);
  for (let after = archived.sequence; after < last; after += step) {
    await nextTurn();
    await currentCaller(context, manager, "auditTrail:read");
    const upTo = Math.min(after + step, last);
    if (isFiltered) yield await readRows(matching(manager, caller.account.id, condition, { after, upTo }));
    else yield (await recordsAfter(manager, caller.account.id, after)).filter(({ sequence }) => sequence <= upTo);
  }
}

/** Of which few match. */
const searchedPerRead = 100;

function matching(
  manager: EntityManager,
  accountId: string,
  condition: AuditRecordCondition,
  { after, upTo }: { after: number; upTo: number },
): SelectQueryBuilder<AuditRecordEntity> {
  const query = manager
    .createQueryBuilder(AuditRecordEntity, "record")
    .where("record.accountId = :accountId", { accountId })
    .andWhere("record.sequence > :after AND record.sequence <= :upTo", { after, upTo })
    .orderBy("record.sequence");
  addConditions(query, condition);
  return query;
}

/** Spreadsheets recognise UTF-8 only by its byte order mark. */
const csv: Options = {
  record_delimiter: "windows",
  escape_formulas: true,
  cast: { date: (date) => date.toISOString() },
};
