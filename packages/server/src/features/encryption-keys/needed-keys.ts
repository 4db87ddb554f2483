import type { AppContext } from "../../context/app-context.js";
import { ApiTokenSecretEntity } from "../api-tokens/api-token-secret.entity.js";
import { AuditHeadEntity } from "../audit/audit-record.entity.js";
import { WebhookEntity } from "../webhooks/webhook.entity.js";

type Keys = Pick<AppContext, "dataSource" | "keyring">;

/** IDs of keys that stored values and secrets are encrypted under, or audit heads signed with. */
export async function neededKeys({ dataSource }: Pick<Keys, "dataSource">): Promise<string[]> {
  const used = new Set<string>();
  for (const entity of [ApiTokenSecretEntity, AuditHeadEntity, WebhookEntity]) {
    const rows = await dataSource.manager
      .createQueryBuilder(entity, "used")
      .select("DISTINCT used.keyId", "keyId")
      .where("used.keyId IS NOT NULL")
      .getRawMany<{ keyId: string }>();
    for (const { keyId } of rows) used.add(keyId);
  }
  return [...used].sort();
}

/**
 * Whether the configured keys suffice to reveal every value, create new ones and verify every audit head. Values can be
 * checked without them.
 */
export async function hasAllKeys({ dataSource, keyring }: Keys): Promise<boolean> {
  if (keyring.ids.length === 0) return false;
  return (await neededKeys({ dataSource })).every((id) => keyring.ids.includes(id));
}
