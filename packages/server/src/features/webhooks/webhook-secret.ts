import { randomBytes } from "node:crypto";
import type { Keyring } from "../../infra/keyring.js";
import type { WebhookEntity } from "./webhook.entity.js";

type Owner = Pick<WebhookEntity, "id" | "accountId">;

/** Binds a ciphertext to its webhook. It cannot be decrypted for another. */
const contextOf = ({ id, accountId }: Owner) => `webhook\n${accountId}\n${id}`;

/** `whsec_` and 32 bytes in base64, as Standard Webhooks has it. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

/** The stored form. Throws a MissingKeyError without an encryption key. */
export function sealSecret(keyring: Keyring, owner: Owner, secret: string): Pick<WebhookEntity, "secret" | "keyId"> {
  const { ciphertext, keyId } = keyring.encrypt(secret, contextOf(owner));
  return { secret: ciphertext, keyId };
}

/**
 * The secrets to sign with now: the current one and, for a while after a rotation, the previous one. Throws a
 * MissingKeyError without the key of the current one.
 */
export function openSecrets(keyring: Keyring, webhook: WebhookEntity, now: Date): string[] {
  const context = contextOf(webhook);
  const { secret, keyId, previousSecret, previousKeyId, previousUntil } = webhook;
  const secrets = [keyring.decrypt(secret, keyId, context)];
  const isStillUsed = previousUntil !== null && previousUntil > now;
  if (isStillUsed && previousSecret && previousKeyId && keyring.ids.includes(previousKeyId))
    secrets.push(keyring.decrypt(previousSecret, previousKeyId, context));
  return secrets;
}

/** The same secrets under the keyring's first key. */
export function resealSecrets(keyring: Keyring, webhook: WebhookEntity): Partial<WebhookEntity> {
  const context = contextOf(webhook);
  const current = keyring.encrypt(keyring.decrypt(webhook.secret, webhook.keyId, context), context);
  const { previousSecret, previousKeyId } = webhook;
  const previous =
    previousSecret && previousKeyId
      ? keyring.encrypt(keyring.decrypt(previousSecret, previousKeyId, context), context)
      : null;
  return {
    secret: current.ciphertext,
    keyId: current.keyId,
    previousSecret: previous?.ciphertext ?? null,
    previousKeyId: previous?.keyId ?? null,
  };
}
