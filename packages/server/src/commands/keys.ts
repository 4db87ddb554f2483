import type { AppContext } from "../context/app-context.js";
import { rotateEncryptionKeys } from "../features/encryption-keys/rotate-encryption-keys.js";

export async function rotateKeys(app: AppContext): Promise<void> {
  const { reencrypted, resigned, needed } = await rotateEncryptionKeys(app);
  const [first = "", ...others] = app.keyring.ids;
  console.log(`${reencrypted} values encrypted and ${resigned} audit heads signed under key '${first}'.`);
  for (const id of others)
    if (needed.includes(id))
      console.log(
        `Key '${id}' is still needed: another process encrypts under it, or 'audit verify' rejects a signature.`,
      );
    else console.log(`Key '${id}' is no longer needed.`);
  for (const id of needed)
    if (!app.keyring.ids.includes(id))
      console.log(`Key '${id}' is not configured, and some values or audit heads still need it.`);
}
