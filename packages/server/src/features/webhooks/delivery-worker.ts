import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { LessThanOrEqual } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import { takeLease } from "../../db/lease.js";
import { inTransaction } from "../../db/transaction.js";
import { AuditHeadEntity } from "../audit/audit-record.entity.js";
import { collectStep } from "./collect.js";
import { deliver } from "./deliver.js";
import { WebhookDeliveryEntity, WebhookEntity } from "./webhook.entity.js";

const intervalMs = 1_000;
const leaseMs = 30_000;
const renewMs = 10_000;
/** Webhooks served at once, in all and of one account, so that slow receivers leave room for others. */
const servedAtOnce = 64;
const servedOfAccount = 2;
/** After this long, a webhook with more to send waits until it is its turn again, in ms. */
const turnMs = 1_000;
const webhooksPerRead = 500;
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
  /** Webhooks that are being served, by ID. */
  const busy = new Map<string, { accountId: string; serving: Promise<void> }>();
  let renewAt = 0;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    const behind = await webhooksBehind();
    const due = await dueWebhooks();
    if (behind.length + due.length === 0 || !(await hasLease())) return;
    for (const webhook of behind)
      await inTransaction(app.dataSource, (tx) => collectStep(tx.manager, webhook, app.now()));
    for (const { id, accountId } of behind.length > 0 ? await dueWebhooks() : due) {
      const ofAccount = [...busy.values()].filter((each) => each.accountId === accountId).length;
      if (busy.size >= servedAtOnce || busy.has(id) || ofAccount >= servedOfAccount) continue;
      const serving = serve(id)
        .catch((error) => app.logger.warn({ err: error }, "a webhook cannot be served; it is tried again"))
        .finally(() => busy.delete(id));
      busy.set(id, { accountId, serving });
    }
  }

  /** Webhooks with new records. */
  function webhooksBehind(): Promise<WebhookEntity[]> {
    return manager
      .createQueryBuilder(WebhookEntity, "webhook")
      .innerJoin(AuditHeadEntity, "head", "head.accountId = webhook.accountId AND head.sequence > webhook.sequence")
      .where({ enabled: 1 })
      .limit(webhooksPerRead)
      .getMany();
  }

  /** Webhooks with messages to send, in the order in which these are due. */
  function dueWebhooks(): Promise<{ id: string; accountId: string }[]> {
    const due = `SELECT delivery.next_attempt_at FROM webhook_delivery delivery
      WHERE delivery.webhook_id = webhook.id AND delivery.next_attempt_at <= :now
      ORDER BY delivery.next_attempt_at LIMIT 1`;
    return manager
      .createQueryBuilder(WebhookEntity, "webhook")
      .select("webhook.id", "id")
      .addSelect("webhook.accountId", "accountId")
      .addSelect(`(${due})`, "due")
      .where("webhook.enabled = 1")
      .andWhere(`EXISTS (${due})`)
      .setParameters({ now: app.now() })
      .orderBy("due")
      .limit(webhooksPerRead)
      .getRawMany();
  }

  async function hasLease(): Promise<boolean> {
    const now = app.now();
    if (performance.now() < renewAt) return true;
    const expiresAt = new Date(now.getTime() + leaseMs);
    const isHeld = await takeLease(app.dataSource, { name: "webhooks", holder, now, expiresAt });
    renewAt = isHeld ? performance.now() + renewMs : 0;
    return isHeld;
  }

  /** Sends what is due to one webhook, until one attempt fails. */
  async function serve(id: string): Promise<void> {
    const until = performance.now() + turnMs;
    while (performance.now() < until && !isClosed) {
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
      await Promise.race([
        Promise.all([...busy.values()].map(({ serving }) => serving)),
        sleep(closeLimitMs, undefined, { ref: false }),
      ]);
    },
  };
}
