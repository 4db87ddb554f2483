import { createHash } from "node:crypto";
import type { AuditRecordEntity } from "./audit-record.entity.js";

/** What stands before an account's first record. */
export const chainStart = "0".repeat(64);

/**
 * A record's hash: SHA-256, in hex, of the JSON array of the hash before it and of all that the record says, in this
 * order. Whoever has the records can compute it again without Hallpass.
 */
export function hashRecord(previousHash: string, record: Omit<AuditRecordEntity, "hash">): string {
  const content = [
    previousHash,
    record.accountId,
    record.sequence,
    record.at.toISOString(),
    record.event,
    record.summary,
    record.objectId,
    record.objectName,
    record.actorId,
    record.actorName,
    record.ip,
    record.userAgent,
    record.requestId,
    record.changes,
  ];
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
