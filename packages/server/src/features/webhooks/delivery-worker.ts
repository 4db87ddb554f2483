import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { LessThanOrEqual, MoreThan } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import { takeLease } from "../../db/lease.js";
import { inTransaction } from "../../db/transaction.js";
import { AuditHeadEntity, AuditRecordEntity } from "../audit/audit-record.entity.js";
import { auditRecordId } from "../audit-trail/audit-record.types.js";
import { deliver } from "./deliver.js";
import { WebhookDeliveryEntity, WebhookEntity } from "./webhook.entity.js";

const intervalMs = 1_000;
const leaseMs = 30_000;
const renewMs = 10_000;
const recordsPerStep = 200;
/** Webhooks served at once. Each gets one message after the other. */
const concurrency = 16;
const messagesPerTurn = 20;
/** A receiver that does not answer must not delay shutdown. */
const closeLimitMs = 2_000;

/**
 * Delivers webhooks, in one process at a time. The audit trail is the outbox: every event is recorded in the
 * transaction of its change. So each new record becomes one delivery for each webhook that wants it, whose `sequence`
 * moves on in the same transaction. After a crash, a message may be sent again, with the same ID.
 */
export function startDeliveries(app: AppContext): { close(): Promise<void> } {
  const { manager } = app.dataSource;
  const holder = randomUUID();
  const limit = pLimit(concurrency);
  const busy = new Map<string, Promise<void>>();
  let renewAt = 0;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    if (!(await manager.existsBy(WebhookEntity, { enabled: 1 })) || !(await hasLease())) return;
    await collect();
    const rows = await manager
      .createQueryBuilder(WebhookDeliveryEntity, "delivery")
      .innerJoin(WebhookEntity, "webhook", "webhook.id = delivery.webhookId AND webhook.enabled = 1")
      .select("DISTINCT delivery.webhookId", "id")
      .where({ nextAttemptAt: LessThanOrEqual(app.now()) })
      .limit(100)
      .getRawMany<{ id: string }>();
    for (const { id } of rows)
      if (!busy.has(id))
        busy.set(
          id,
          limit(() => serve(id))
            .catch((error) => app.logger.warn({ err: error }, "webhooks cannot be delivered; they are tried again"))
            .finally(() => busy.delete(id)),
        );
  }

  async function hasLease(): Promise<boolean> {
    const now = app.now();
    if (performance.now() < renewAt) return true;
    const expiresAt = new Date(now.getTime() + leaseMs);
    const isHeld = await takeLease(app.dataSource, { name: "webhooks", holder, now, expiresAt });
    renewAt = isHeld ? performance.now() + renewMs : 0;
    return isHeld;
  }

  /** Makes deliveries of new records. */
  async function collect(): Promise<void> {
    const behind = await manager
      .createQueryBuilder(WebhookEntity, "webhook")
      .innerJoin(AuditHeadEntity, "head", "head.accountId = webhook.accountId AND head.sequence > webhook.sequence")
      .where({ enabled: 1 })
      .limit(100)
      .getMany();
    for (const webhook of behind) await collectOf(webhook);
  }

  async function collectOf({ id, accountId, sequence, events }: WebhookEntity): Promise<void> {
    const records = await manager.find(AuditRecordEntity, {
      select: { accountId: true, sequence: true, event: true },
      where: { accountId, sequence: MoreThan(sequence) },
      order: { sequence: "ASC" },
      take: recordsPerStep,
    });
    const last = records.at(-1);
    if (!last) return;
    const wanted = new Set(events.split(" "));
    const now = app.now();
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
    await inTransaction(app.dataSource, async (tx) => {
      // Another process may have been faster, or the webhook was changed meanwhile.
      const asRead = { id, sequence, enabled: 1 };
      const { affected } = await tx.manager.update(WebhookEntity, asRead, { sequence: last.sequence });
      if (affected && deliveries.length > 0) await tx.manager.insert(WebhookDeliveryEntity, deliveries);
    });
  }

  /** Sends what is due to one webhook, until one attempt fails. */
  async function serve(id: string): Promise<void> {
    for (let message = 0; message < messagesPerTurn && !isClosed; message++) {
      const webhook = await manager.findOneBy(WebhookEntity, { id });
      const delivery = await manager.findOne(WebhookDeliveryEntity, {
        where: { webhookId: id, nextAttemptAt: LessThanOrEqual(app.now()) },
        order: { nextAttemptAt: "ASC", sequence: "ASC" },
      });
      if (!webhook?.enabled || !delivery || !(await deliver(app, webhook, delivery))) return;
    }
  }

  function schedule(): void {
    if (isClosed) return;
    timer = setTimeout(() => {
      turn = run()
        .catch((error) => app.logger.warn({ err: error }, "webhooks cannot be read; the next attempt is in a second"))
        .finally(schedule);
    }, intervalMs);
    timer.unref();
  }

  schedule();
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await turn;
      // What is still under way is sent again later.
      await Promise.race([Promise.all(busy.values()), sleep(closeLimitMs, undefined, { ref: false })]);
    },
  };
}
