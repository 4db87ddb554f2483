import { MoreThan, Not } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import { MissingKeyError } from "../../infra/keyring.js";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";
import { ApiTokenSecretEntity } from "../api-tokens/api-token-secret.entity.js";
import { reencrypt } from "../api-tokens/token-secret.js";
import { resignHeads } from "../audit/heads/sign-heads.js";
import { writeOperationsRecord } from "../audit/operations-record.js";
import { WebhookEntity } from "../webhooks/webhook.entity.js";
import { resealSecrets } from "../webhooks/webhook-secret.js";
import { neededKeys } from "./needed-keys.js";

const rowsPerRead = 200;

export interface KeyRotation {
  /** Number of values newly encrypted under the first key. */
  reencrypted: number;
  /** Number of audit heads newly signed under the first key. */
  resigned: number;
  /**
   * IDs of keys that values or audit heads still use. More than the first if another is not configured or still in use,
   * or if the signature of a head is invalid.
   */
  needed: string[];
}

/**
 * Encrypts every value and signs every audit head under the first key. Each row is updated separately and only while it
 * is as it was read, so this can be interrupted, repeated and run beside a serving process, which decrypts with the key
 * a row names. Throws a MissingKeyError if no key is configured.
 */
export async function rotateEncryptionKeys(app: AppContext): Promise<KeyRotation> {
  if (app.keyring.ids.length === 0) throw new MissingKeyError("");
  let reencrypted = 0;
  // A token can have two values, and a rotation can move one behind the current position. Repeat until a pass changes
  // nothing.
  for (let changed = -1; changed !== 0; ) {
    changed = await pass(app);
    reencrypted += changed;
  }
  for (let changed = -1; changed !== 0; ) {
    changed = await resealWebhooks(app);
    reencrypted += changed;
  }
  const resigned = await resignHeads(app);
  if (reencrypted + resigned > 0) await recordRotation(app, reencrypted, resigned);
  return { reencrypted, resigned, needed: await neededKeys(app) };
}

async function pass({ dataSource, keyring }: AppContext): Promise<number> {
  const first = keyring.ids[0] ?? "";
  let changed = 0;
  for (let after = ""; ; ) {
    const secrets = await dataSource.manager.find(ApiTokenSecretEntity, {
      where: { keyId: Not(first), tokenId: MoreThan(after) },
      order: { tokenId: "ASC" },
      take: rowsPerRead,
    });
    for (const secret of secrets) {
      after = secret.tokenId;
      const { accountId } = await dataSource.manager.findOneByOrFail(ApiTokenEntity, { id: secret.tokenId });
      try {
        const encrypted = reencrypt(keyring, { id: secret.tokenId, accountId }, secret);
        const { tokenId, digest, keyId } = secret;
        const { affected } = await dataSource.manager.update(
          ApiTokenSecretEntity,
          { tokenId, digest, keyId },
          encrypted,
        );
        changed += affected ?? 0;
      } catch (error) {
        if (!(error instanceof MissingKeyError)) throw error;
      }
    }
    if (secrets.length < rowsPerRead) return changed;
  }
}

/** There are few, and each is updated only while it is as it was read. */
async function resealWebhooks({ dataSource, keyring, now }: AppContext): Promise<number> {
  let changed = 0;
  const otherKey = Not(keyring.ids[0] ?? "");
  const webhooks = await dataSource.manager.findBy(WebhookEntity, [{ keyId: otherKey }, { previousKeyId: otherKey }]);
  for (const webhook of webhooks)
    try {
      const asRead = { id: webhook.id, secret: webhook.secret };
      const { affected } = await dataSource.manager.update(
        WebhookEntity,
        asRead,
        resealSecrets(keyring, webhook, now()),
      );
      changed += affected ?? 0;
    } catch (error) {
      if (!(error instanceof MissingKeyError)) throw error;
    }
  return changed;
}

function recordRotation(app: AppContext, reencrypted: number, resigned: number): Promise<void> {
  const keyId = app.keyring.ids[0];
  return writeOperationsRecord(app, {
    event: "encryption_keys.rotated",
    summary: `${reencrypted} values encrypted and ${resigned} audit heads signed under key ${keyId}`,
    after: { keyId, reencrypted, resigned },
  });
}
