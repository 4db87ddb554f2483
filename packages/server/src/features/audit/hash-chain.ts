import { hash } from "node:crypto";
import type { ChainLink } from "@hallpass/shared/check";
import type { AuditRecordEntity } from "./audit-record.entity.js";

/** What comes before an account's first record. */
export const chainBegin: ChainLink = { sequence: 0, hash: "0".repeat(64) };

/**
 * A record's hash: SHA-256, in hex, of the JSON array of the previous hash and all fields of the record, in this order.
 * Anyone who has the records can recompute it without Hallpass.
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
  return hash("sha256", JSON.stringify(content), "hex");
}
