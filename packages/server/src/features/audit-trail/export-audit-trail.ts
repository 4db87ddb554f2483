import { pipeline, Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Options, stringify } from "csv-stringify";
import type { CallContext } from "../../context/request-context.js";
import { findArchived } from "../audit/archive/archived.js";
import { AuditRecordEntity } from "../audit/audit-record.entity.js";
import { writeAuditRecord } from "../audit/write-audit-record.js";
import { inAuthorizedTransaction } from "../callers/authorized-transaction.js";
import { currentCaller } from "../callers/current-caller.js";
import { type AuditRecordCondition, addConditions } from "./list-audit-records.js";

export const exportFormats = { csv: "text/csv; charset=utf-8", jsonl: "application/jsonl; charset=utf-8" } as const;
export type ExportFormat = keyof typeof exportFormats;

/** Checks are answered between two reads: this many records take about 2 ms. */
const recordsPerRead = 100;

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
  const records = recordsUpTo(context, last, condition);
  // A failure midway truncates the response, which the client's HTTP library reports.
  return format === "csv" ? pipeline(records, stringify(csv), () => {}) : Readable.from(lines(records));
}

async function* lines(records: AsyncIterable<AuditRecordEntity>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}

/** Throws UNAUTHENTICATED or FORBIDDEN once the caller loses access. */
async function* recordsUpTo(
  context: CallContext,
  last: number,
  condition: AuditRecordCondition,
): AsyncGenerator<AuditRecordEntity> {
  const { app, caller } = context;
  const archived = await findArchived(app.dataSource.manager, caller.account.id);
  for (let first = archived.sequence + 1; first <= last; first += recordsPerRead) {
    await nextTurn();
    await currentCaller(context, app.dataSource.manager, "auditTrail:read");
    const query = app.dataSource.manager
      .createQueryBuilder(AuditRecordEntity, "record")
      .where("record.accountId = :accountId", { accountId: caller.account.id })
      .andWhere("record.sequence BETWEEN :first AND :last", {
        first,
        last: Math.min(last, first + recordsPerRead - 1),
      })
      .orderBy("record.sequence");
    addConditions(query, condition);
    yield* await query.getMany();
  }
}

/** Spreadsheets recognise UTF-8 only by its byte order mark. */
const csv: Options = {
  bom: true,
  header: true,
  record_delimiter: "windows",
  escape_formulas: true,
  cast: { date: (date) => date.toISOString() },
};
