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
  const { secret, keyId, previousSecret, previousKeyId } = webhook;
  const secrets = [keyring.decrypt(secret, keyId, context)];
  if (isPreviousUsed(webhook, now) && previousSecret && keyring.ids.includes(previousKeyId ?? ""))
    secrets.push(keyring.decrypt(previousSecret, previousKeyId ?? "", context));
  return secrets;
}

/** Whether messages are also signed with the secret from before the last rotation. */
export const isPreviousUsed = ({ previousUntil }: WebhookEntity, now: Date): boolean =>
  previousUntil !== null && previousUntil > now;

/** The same secrets under the keyring's first key, without a previous one that is no longer used or readable. */
export function resealSecrets(keyring: Keyring, webhook: WebhookEntity, now: Date): Partial<WebhookEntity> {
  const context = contextOf(webhook);
  const [current = "", previous] = openSecrets(keyring, webhook, now);
  const { ciphertext: secret, keyId } = keyring.encrypt(current, context);
  if (previous === undefined) return { secret, keyId, previousSecret: null, previousKeyId: null, previousUntil: null };
  const sealed = keyring.encrypt(previous, context);
  return { secret, keyId, previousSecret: sealed.ciphertext, previousKeyId: sealed.keyId };
}
