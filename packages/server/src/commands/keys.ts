import type { AppContext } from "../app-context.js";
import { rotateEncryptionKeys } from "../features/encryption-keys/rotate-encryption-keys.js";

export async function rotateKeys(app: AppContext): Promise<void> {
  const { reencrypted, missingKeys } = await rotateEncryptionKeys(app);
  const [first, ...others] = app.keyring.ids;
  console.log(`${reencrypted} values encrypted under key '${first}'.`);
  for (const id of missingKeys) console.log(`Key '${id}' is not configured, and some values still need it.`);
  for (const id of others) console.log(`Key '${id}' is not needed any more.`);
}
