import type { AppContext } from "../../context/app-context.js";
import { MissingKeyError } from "../../infra/keyring.js";
import { AuditRecordEntity } from "../audit/audit-record.entity.js";
import { bodyOf, testBody } from "./payload.js";
import { type Answer, send } from "./send.js";
import { WebhookDeliveryEntity, type WebhookEntity } from "./webhook.entity.js";
import { openSecrets } from "./webhook-secret.js";

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** Pauses before the second attempt and later ones: three days in all, as Standard Webhooks suggests. */
const pausesMs = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  18 * hour,
  21 * hour,
];

interface Outcome extends Answer {
  isDelivered: boolean;
  /** Whether another attempt would be pointless. */
  isFinal: boolean;
}

/** Makes one attempt, stores what came of it, and returns whether it was delivered. */
export async function deliver(
  app: AppContext,
  webhook: WebhookEntity,
  delivery: WebhookDeliveryEntity,
): Promise<boolean> {
  const at = app.now();
  const { status, text, isDelivered, isFinal } = await attempt(app, webhook, delivery, at);
  const attempts = delivery.attempts + 1;
  const pause = pausesMs[attempts - 1];
  const isOver = isDelivered || isFinal || pause === undefined;
  await app.dataSource.manager.update(
    WebhookDeliveryEntity,
    { id: delivery.id, attempts: delivery.attempts },
    {
      attempts,
      status: isDelivered ? "DELIVERED" : isOver ? "FAILED" : "PENDING",
      lastAttemptAt: at,
      // Spread, so that what failed together is not repeated together.
      nextAttemptAt: isOver ? null : new Date(at.getTime() + pause * (1 + Math.random() / 8)),
      responseStatus: status,
      response: text,
    },
  );
  return isDelivered;
}

/** Sends a message once. Without a `sequence`, it is a test. */
export async function attempt(
  app: AppContext,
  webhook: WebhookEntity,
  { messageId, sequence }: Pick<WebhookDeliveryEntity, "messageId" | "sequence">,
  at: Date,
): Promise<Outcome> {
  const { accountId, url } = webhook;
  const record =
    sequence === null ? null : await app.dataSource.manager.findOneBy(AuditRecordEntity, { accountId, sequence });
  if (sequence !== null && !record) return unsent("The audit record has been archived.", true);
  let secrets: string[];
  try {
    secrets = openSecrets(app.keyring, webhook, at);
  } catch (error) {
    if (!(error instanceof MissingKeyError)) throw error;
    return unsent("The encryption key of the webhook's secret is not configured.", false);
  }
  const body = record ? bodyOf(record) : testBody(accountId, at);
  const answer = await send({ url, id: messageId, body, at, secrets }, app.config.webhooksIntoPrivateNetworks);
  const isDelivered = answer.status !== null && answer.status >= 200 && answer.status < 300;
  // 410 says that no one wants it any more.
  return { ...answer, isDelivered, isFinal: answer.status === 410 };
}

const unsent = (text: string, isFinal: boolean): Outcome => ({ status: null, text, isDelivered: false, isFinal });
