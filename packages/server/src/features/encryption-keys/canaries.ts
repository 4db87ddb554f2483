import type { DataSource } from "typeorm";
import { isDuplicate } from "../../db/database-errors.js";
import { ConfigError } from "../../infra/config.js";
import type { Keyring } from "../../infra/keyring.js";
import { EncryptionKeyEntity } from "./encryption-key.entity.js";

const canary = "hallpass";
const contextOf = (keyId: string) => `canary\n${keyId}`;

/** Throws a ConfigError if a configured key differs from the one this database knows by that ID. Remembers new keys. */
export async function checkCanaries({ manager }: DataSource, keyring: Keyring): Promise<void> {
  for (const id of keyring.ids) {
    const known = await manager.findOneBy(EncryptionKeyEntity, { id });
    if (!known) await remember(manager.dataSource, keyring, id);
    else if (!opens(keyring, known))
      throw new ConfigError([
        `HALLPASS_ENCRYPTION_KEYS: '${id}' is not the key with that ID this database was used with`,
      ]);
  }
}

/** Whether this database already knows a key. */
export function hasBeenUsed({ manager }: DataSource): Promise<boolean> {
  return manager.exists(EncryptionKeyEntity);
}

function opens(keyring: Keyring, { id, canary: ciphertext }: EncryptionKeyEntity): boolean {
  try {
    return keyring.decrypt(ciphertext, id, contextOf(id)) === canary;
  } catch {
    return false;
  }
}

async function remember(dataSource: DataSource, keyring: Keyring, id: string): Promise<void> {
  const { ciphertext } = keyring.encrypt(canary, contextOf(id), id);
  try {
    await dataSource.manager.insert(EncryptionKeyEntity, { id, canary: ciphertext, createdAt: new Date() });
  } catch (error) {
    // Another starting process was faster. Its key is checked like any other.
    if (!isDuplicate(error)) throw error;
    await checkCanaries(dataSource, keyring);
  }
}
