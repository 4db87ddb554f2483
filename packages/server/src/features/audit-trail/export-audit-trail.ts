import { pipeline, Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Options, stringify } from "csv-stringify";
import { Between } from "typeorm";
import type { CallContext } from "../../context/request-context.js";
import { AuditRecordEntity } from "../audit/audit-record.entity.js";
import { writeAuditRecord } from "../audit/write-audit-record.js";
import { inAuthorizedTransaction } from "../callers/authorized-transaction.js";
import { currentCaller } from "../callers/current-caller.js";

export const exportFormats = { csv: "text/csv; charset=utf-8", jsonl: "application/jsonl; charset=utf-8" } as const;
export type ExportFormat = keyof typeof exportFormats;

/** Checks are answered between two reads: this many records take about 2 ms. */
const recordsPerRead = 100;

/**
 * The account's whole trail, oldest record first. The last record is that of the export itself, which is written before
 * the first byte is sent. JSON lines contain each record as it was hashed (hash-chain.ts). In CSV (RFC 4180), text that
 * a spreadsheet would treat as a formula is prefixed with `'`. Throws RATE_LIMITED, UNAUTHENTICATED or FORBIDDEN.
 */
export async function exportAuditTrail(context: CallContext, format: ExportFormat): Promise<Readable> {
  const { app, caller } = context;
  await app.wholeTrailLimit.take(caller.id ?? "");
  const last = await inAuthorizedTransaction(context, "auditTrail:read", (tx) =>
    writeAuditRecord(tx, context, {
      event: "audit_trail.exported",
      summary: `${caller.name} exported the audit trail`,
      object: caller.account,
      after: { format },
    }),
  );
  const records = recordsUpTo(context, last);
  // A failure midway truncates the response, which the client's HTTP library reports.
  return format === "csv" ? pipeline(records, stringify(csv), () => {}) : Readable.from(lines(records));
}

async function* lines(records: AsyncIterable<AuditRecordEntity>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}

/** Throws UNAUTHENTICATED or FORBIDDEN once the caller loses access. */
async function* recordsUpTo(context: CallContext, last: number): AsyncGenerator<AuditRecordEntity> {
  const { app, caller } = context;
  for (let first = 1; first <= last; first += recordsPerRead) {
    await nextTurn();
    await currentCaller(context, app.dataSource.manager, "auditTrail:read");
    yield* await app.dataSource.manager.find(AuditRecordEntity, {
      where: { accountId: caller.account.id, sequence: Between(first, Math.min(last, first + recordsPerRead - 1)) },
      order: { sequence: "ASC" },
    });
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
