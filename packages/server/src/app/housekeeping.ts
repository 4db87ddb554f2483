import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import {
  type DataSource,
  type EntityTarget,
  type FindOptionsSelect,
  type FindOptionsWhere,
  In,
  LessThan,
} from "typeorm";
import { takeLease } from "../db/lease.js";
import { IdempotencyKeyEntity } from "../features/api-tokens/api-token.entity.js";
import { idempotencyMs } from "../features/api-tokens/changes/create-api-token.js";
import { EmailEntity } from "../features/emails/email.entity.js";
import { SessionEntity } from "../features/sessions/session.entity.js";
import { clearUsage } from "../features/usage/clear-usage.js";
import { WebhookDeliveryEntity } from "../features/webhooks/webhook.entity.js";

const intervalMs = 10 * 60_000;
/** Longer than the interval, so that the process that holds the lease keeps it until it stops. */
const leaseMs = 2 * intervalMs;
const deliveryMs = 30 * 24 * 3_600_000;
const rowsPerStep = 500;
const pauseMs = 50;

interface Options {
  dataSource: DataSource;
  logger: Logger;
  now(): Date;
  /** How many days of usage are kept. */
  usageDays: number;
}

export interface Housekeeping {
  /** Does it now, unless another process has the lease. Resolves to whether it did. */
  run(): Promise<boolean>;
  close(): Promise<void>;
}

/** Every ten minutes, one process deletes what is no longer needed, in small steps: expired sessions, and old idempotency keys, usage,
 * deliveries of webhooks and emails. */
export function startHousekeeping({ dataSource, logger, now, usageDays }: Options): Housekeeping {
  const holder = randomUUID();
  let isStopped = false;
  let running: Promise<unknown> = Promise.resolve();

  async function run(): Promise<boolean> {
    const at = now();
    const expiresAt = new Date(at.getTime() + leaseMs);
    if (!(await takeLease(dataSource, { name: "housekeeping", holder, now: at, expiresAt }))) return false;
    await deleteAll(SessionEntity, { expiresAt: LessThan(at) });
    await deleteAll(IdempotencyKeyEntity, { createdAt: LessThan(new Date(at.getTime() - idempotencyMs)) });
    await deleteAll(WebhookDeliveryEntity, { createdAt: LessThan(new Date(at.getTime() - deliveryMs)) });
    await deleteAll(EmailEntity, { createdAt: LessThan(new Date(at.getTime() - deliveryMs)) });
    await clearUsage(dataSource, { now: at, days: usageDays, isStopped: () => isStopped });
    return true;
  }

  async function deleteAll<Row extends { id: string }>(
    entity: EntityTarget<Row>,
    where: FindOptionsWhere<Row>,
  ): Promise<void> {
    const { manager } = dataSource;
    while (!isStopped) {
      const select = { id: true } as FindOptionsSelect<Row>;
      const rows = await manager.find(entity, { select, where, take: rowsPerStep });
      if (rows.length === 0) return;
      await manager.delete(entity, { id: In(rows.map(({ id }) => id)) });
      await sleep(pauseMs);
    }
  }

  const timer = setInterval(() => {
    running = run().catch((error) =>
      logger.warn({ err: error }, "housekeeping failed; the next attempt is in 10 minutes"),
    );
  }, intervalMs);
  timer.unref();

  return {
    run,
    async close() {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
