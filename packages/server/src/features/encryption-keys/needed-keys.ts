import type { AppContext } from "../../app-context.js";
import { ApiTokenSecretEntity } from "../api-tokens/api-token-secret.entity.js";

type Keys = Pick<AppContext, "dataSource" | "keyring">;

/** Keys that stored values are encrypted under. */
export async function neededKeys({ dataSource }: Pick<Keys, "dataSource">): Promise<string[]> {
  const used = await dataSource.manager
    .createQueryBuilder(ApiTokenSecretEntity, "secret")
    .select("DISTINCT secret.keyId", "keyId")
    .getRawMany<{ keyId: string }>();
  return used.map(({ keyId }) => keyId).sort();
}

/** Whether every value can be revealed, and new ones made; without, values can still be checked. */
export async function hasAllKeys({ dataSource, keyring }: Keys): Promise<boolean> {
  if (keyring.ids.length === 0) return false;
  return (await neededKeys({ dataSource })).every((id) => keyring.ids.includes(id));
}
