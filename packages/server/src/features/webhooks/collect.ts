import { randomBytes } from "node:crypto";
import { type EntityManager, MoreThan } from "typeorm";
import { AuditRecordEntity } from "../audit/audit-record.entity.js";
import { auditRecordId } from "../audit-trail/audit-record.types.js";
import { WebhookDeliveryEntity, WebhookEntity } from "./webhook.entity.js";

const recordsPerStep = 200;

/**
 * Makes deliveries of up to 200 new records, in a transaction, and moves the webhook's `sequence` on. Does nothing if the
 * webhook is no longer as it was read. Returns its new `sequence`, or null if there are no new records.
 */
export async function collectStep(
  manager: EntityManager,
  { id, accountId, sequence, events }: WebhookEntity,
  now: Date,
): Promise<number | null> {
  const records = await manager.find(AuditRecordEntity, {
    select: { accountId: true, sequence: true, event: true },
    where: { accountId, sequence: MoreThan(sequence) },
    order: { sequence: "ASC" },
    take: recordsPerStep,
  });
  const last = records.at(-1);
  if (!last) return null;
  const asRead = { id, sequence, events, enabled: 1 };
  const { affected } = await manager.update(WebhookEntity, asRead, { sequence: last.sequence });
  const wanted = new Set(events.split(" "));
  const deliveries = records
    .filter(({ event }) => wanted.has(event))
    .map((record) => ({
      id: randomBytes(12).toString("hex"),
      webhookId: id,
      messageId: auditRecordId(accountId, record.sequence),
      sequence: record.sequence,
      event: record.event,
      status: "PENDING" as const,
      attempts: 0,
      createdAt: now,
      nextAttemptAt: now,
    }));
  if (affected && deliveries.length > 0) await manager.insert(WebhookDeliveryEntity, deliveries);
  return last.sequence;
}

/** Makes deliveries of all records until now, before the webhook changes. The account's trail must be locked. */
export async function collectAll(manager: EntityManager, webhook: WebhookEntity, now: Date): Promise<void> {
  for (let reached: number | null = webhook.sequence; reached !== null && webhook.enabled; ) {
    reached = await collectStep(manager, webhook, now);
    webhook.sequence = reached ?? webhook.sequence;
  }
}
