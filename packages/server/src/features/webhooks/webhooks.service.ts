import { randomBytes } from "node:crypto";
import { createWebhookInput, limits, updateWebhookInput } from "@hallpass/shared";
import type { EntityManager } from "typeorm";
import type { CallContext, PersonContext } from "../../context/request-context.js";
import { checkedInput } from "../../core/checked-input.js";
import { badInput, userInputError } from "../../core/errors.js";
import type { Transaction } from "../../db/transaction.js";
import { AuditHeadEntity } from "../audit/audit-record.entity.js";
import { writeAuditRecord } from "../audit/write-audit-record.js";
import { inAuthorizedTransaction } from "../callers/authorized-transaction.js";
import { collectAll } from "./collect.js";
import { attempt } from "./deliver.js";
import { testEvent } from "./payload.js";
import { type DeliveryStatus, WebhookDeliveryEntity, WebhookEntity } from "./webhook.entity.js";
import type { CreateWebhookInput, UpdateWebhookInput } from "./webhook.types.js";
import { isPreviousUsed, newSecret, sealSecret } from "./webhook-secret.js";

export interface WithSecret {
  webhook: WebhookEntity;
  /** Not returned again. */
  secret: string;
}

/** How long messages are also signed with the secret before a rotation. */
const overlapMs = 24 * 3_600_000;

/** Oldest first. */
export function webhooksOf({ app, caller }: CallContext): Promise<WebhookEntity[]> {
  const where = { accountId: caller.account.id };
  return app.dataSource.manager.find(WebhookEntity, { where, order: { createdAt: "ASC", id: "ASC" } });
}

/** Newest first. */
export function deliveriesOf(
  { app }: Pick<CallContext, "app">,
  webhookId: string,
  { first, status }: { first: number; status?: DeliveryStatus | null },
): Promise<WebhookDeliveryEntity[]> {
  if (first < 1 || first > limits.pageSize) throw badInput(`Ask for 1 to ${limits.pageSize} deliveries.`);
  return app.dataSource.manager.find(WebhookDeliveryEntity, {
    where: { webhookId, ...(status && { status }) },
    order: { createdAt: "DESC", id: "DESC" },
    take: first,
  });
}

/** It gets events from now on. Throws LIMIT_REACHED. */
export async function createWebhook(request: PersonContext, rawInput: CreateWebhookInput): Promise<WithSecret> {
  const { url, events } = checkedInput(createWebhookInput, rawInput);
  checkUrl(request, url);
  return inAuthorizedTransaction(request, "webhook:write", async (tx, context) => {
    const { app, caller } = context;
    const { manager } = tx;
    const accountId = caller.account.id;
    if ((await manager.countBy(WebhookEntity, { accountId })) >= limits.webhooks)
      throw userInputError("LIMIT_REACHED", `An account can have up to ${limits.webhooks} webhooks.`);
    const { sequence } = await manager.findOneByOrFail(AuditHeadEntity, { accountId });
    const owner = { id: randomBytes(12).toString("hex"), accountId };
    const secret = newSecret();
    const webhook = Object.assign(new WebhookEntity(), {
      ...owner,
      url,
      events: events.join(" "),
      enabled: 1,
      createdAt: app.now(),
      sequence,
      ...sealSecret(app.keyring, owner, secret),
    });
    await manager.insert(WebhookEntity, webhook);
    await record(tx, context, webhook, "webhook.created", "added", { after: { url, events } });
    return { webhook, secret };
  });
}

export async function updateWebhook(request: PersonContext, rawInput: UpdateWebhookInput): Promise<WebhookEntity> {
  const { id, url, events, enabled } = checkedInput(updateWebhookInput, rawInput);
  if (url) checkUrl(request, url);
  return change(request, id, async (tx, context, webhook) => {
    const before = editable(webhook);
    const after = { ...before, ...(url && { url }), ...(events && { events }), ...(enabled != null && { enabled }) };
    const changed = (Object.keys(before) as (keyof typeof before)[]).filter(
      (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
    );
    if (changed.length === 0) return webhook;
    // What has happened until now, it gets as it was.
    await collectAll(tx.manager, webhook, context.app.now());
    const isTurnedOn = after.enabled && !before.enabled;
    const { sequence } = await tx.manager.findOneByOrFail(AuditHeadEntity, { accountId: webhook.accountId });
    const columns = {
      url: after.url,
      events: after.events.join(" "),
      enabled: after.enabled ? 1 : 0,
      // What happened while it was disabled is not sent.
      ...(isTurnedOn && { sequence }),
    };
    await tx.manager.update(WebhookEntity, { id }, columns);
    const pick = (from: typeof before) => Object.fromEntries(changed.map((key) => [key, from[key]]));
    const updated = Object.assign(webhook, columns);
    await record(tx, context, updated, "webhook.updated", "edited", { before: pick(before), after: pick(after) });
    return updated;
  });
}

export function deleteWebhook(request: PersonContext, id: string): Promise<string> {
  return change(request, id, async (tx, context, webhook) => {
    await tx.manager.delete(WebhookEntity, { id });
    await record(tx, context, webhook, "webhook.deleted", "deleted", { before: editable(webhook) });
    return id;
  });
}

/** For a day, messages are signed with both secrets. */
export function rotateWebhookSecret(request: PersonContext, id: string): Promise<WithSecret> {
  return change(request, id, async (tx, context, webhook) => {
    const { app } = context;
    const secret = newSecret();
    const columns = {
      // After another rotation within a day, the receiver may still have the secret from before both.
      ...(!isPreviousUsed(webhook, app.now()) && {
        previousSecret: webhook.secret,
        previousKeyId: webhook.keyId,
        previousUntil: new Date(app.now().getTime() + overlapMs),
      }),
      ...sealSecret(app.keyring, webhook, secret),
    };
    await tx.manager.update(WebhookEntity, { id }, columns);
    await record(tx, context, webhook, "webhook.secret_rotated", "given a new secret", {});
    return { webhook: Object.assign(webhook, columns), secret };
  });
}

/** Sends a test message at once, and returns what came of it. Throws RATE_LIMITED. */
export async function testWebhook(context: PersonContext, id: string): Promise<WebhookDeliveryEntity> {
  const { app, caller } = context;
  await app.webhookTestLimit.take(caller.account.id);
  const { manager } = app.dataSource;
  const webhook = await findWebhook(manager, context, id);
  const at = app.now();
  const test = { messageId: `test-${randomBytes(12).toString("hex")}`, sequence: null };
  const { status, text, isDelivered } = await attempt(app, webhook, test, at);
  const delivery = Object.assign(new WebhookDeliveryEntity(), {
    ...test,
    id: randomBytes(12).toString("hex"),
    webhookId: id,
    event: testEvent,
    status: isDelivered ? ("DELIVERED" as const) : ("FAILED" as const),
    attempts: 1,
    createdAt: at,
    nextAttemptAt: null,
    lastAttemptAt: at,
    responseStatus: status,
    response: text,
  });
  await manager.insert(WebhookDeliveryEntity, delivery);
  return delivery;
}

/**
 * Sends a message again, soon, whatever became of it. Throws NOT_FOUND, or INVALID for a test or while the webhook is
 * disabled.
 */
export function resendDelivery(request: PersonContext, id: string): Promise<WebhookDeliveryEntity> {
  return inAuthorizedTransaction(request, "webhook:write", async ({ manager }, context) => {
    const delivery = await manager.findOneBy(WebhookDeliveryEntity, { id });
    const webhook = delivery && (await manager.findOneBy(WebhookEntity, { id: delivery.webhookId }));
    if (!delivery || webhook?.accountId !== context.caller.account.id || delivery.id !== id)
      throw userInputError("NOT_FOUND", "Delivery not found.", "id");
    if (delivery.sequence === null) throw userInputError("INVALID", "Send a new test instead.", "id");
    if (!webhook.enabled) throw userInputError("INVALID", "Enable the webhook first.", "id");
    const columns = { status: "PENDING" as const, attempts: 0, nextAttemptAt: context.app.now() };
    await manager.update(WebhookDeliveryEntity, { id }, columns);
    return Object.assign(delivery, columns);
  });
}

/** Throws INVALID unless messages may be sent there. */
function checkUrl({ app }: Pick<CallContext, "app">, url: string): void {
  const { protocol, username, password } = new URL(url);
  if (username || password) throw userInputError("INVALID", "The URL must not contain a password.", "url");
  if (protocol !== "https:" && !app.config.webhooksIntoPrivateNetworks)
    throw userInputError("INVALID", "Enter an https URL.", "url");
}

async function findWebhook(manager: EntityManager, { caller }: CallContext, id: string): Promise<WebhookEntity> {
  const webhook = await manager.findOneBy(WebhookEntity, { id, accountId: caller.account.id });
  // MariaDB ignores trailing spaces when comparing IDs.
  if (webhook?.id !== id) throw userInputError("NOT_FOUND", "Webhook not found.", "id");
  return webhook;
}

function change<T>(
  request: PersonContext,
  id: string,
  work: (tx: Transaction, context: PersonContext, webhook: WebhookEntity) => Promise<T>,
): Promise<T> {
  return inAuthorizedTransaction(request, "webhook:write", async (tx, context) =>
    work(tx, context, await findWebhook(tx.manager, context, id)),
  );
}

/** In the form of the audit record. */
const editable = ({ url, events, enabled }: WebhookEntity) => ({
  url,
  events: events.split(" "),
  enabled: enabled === 1,
});

function record(
  tx: Transaction,
  context: PersonContext,
  { id, url }: WebhookEntity,
  event: "webhook.created" | "webhook.updated" | "webhook.deleted" | "webhook.secret_rotated",
  verb: string,
  more: { before?: Record<string, unknown>; after?: Record<string, unknown> },
) {
  const name = new URL(url).host.slice(0, 120);
  return writeAuditRecord(tx, context, { event, summary: `Webhook to ${name} ${verb}`, object: { id, name }, ...more });
}
