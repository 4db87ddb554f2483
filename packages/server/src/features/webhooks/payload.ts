import type { AuditRecordEntity } from "../audit/audit-record.entity.js";

/** The body of a message: Standard Webhooks' `type`, `timestamp` and `data`. */
export function bodyOf(record: AuditRecordEntity): string {
  const { accountId, sequence, event, at, summary, objectId, objectName, actorId, actorName, changes } = record;
  return JSON.stringify({
    type: event,
    timestamp: at.toISOString(),
    data: {
      account: accountId,
      sequence,
      summary,
      object: { id: objectId, name: objectName },
      actor: actorId === null ? null : { id: actorId, name: actorName },
      ...JSON.parse(changes),
    },
  });
}

export const testEvent = "webhook.test";

export const testBody = (accountId: string, at: Date): string =>
  JSON.stringify({
    type: testEvent,
    timestamp: at.toISOString(),
    data: { account: accountId, summary: "A test. Nothing has happened." },
  });
