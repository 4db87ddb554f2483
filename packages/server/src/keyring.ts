import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Config, type EncryptionKey, parseEncryptionKeys } from "./config.js";

/** Encrypts what can be revealed again. AES-256-GCM: 12 bytes of nonce, the ciphertext, 16 bytes of tag. */
export interface Keyring {
  /** The first encrypts, all decrypt. None: values can be checked, and neither made nor revealed. */
  readonly ids: string[];
  /**
   * `context` is authenticated but not stored: a ciphertext that was moved to another row does not open. Under the first
   * key unless another is named.
   */
  encrypt(text: string, context: string, keyId?: string): { ciphertext: Buffer; keyId: string };
  /** Throws a MissingKeyError without the key, and any other error when ciphertext, context or key do not belong together. */
  decrypt(ciphertext: Buffer, keyId: string, context: string): string;
}

const nonceLength = 12;
const tagLength = 16;

export class MissingKeyError extends Error {
  override name = "MissingKeyError";
  constructor(keyId: string) {
    super(keyId ? `The encryption key '${keyId}' is not configured.` : "No encryption key is configured.");
  }
}

export function createKeyring(keys: EncryptionKey[]): Keyring {
  const aad = (keyId: string, context: string) => Buffer.from(`${keyId}\n${context}`);
  const keyOf = (id: string): EncryptionKey => {
    const key = keys.find((each) => each.id === id);
    if (!key) throw new MissingKeyError(id);
    return key;
  };
  return {
    ids: keys.map(({ id }) => id),
    encrypt(text, context, keyId = keys[0]?.id ?? "") {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv("aes-256-gcm", keyOf(keyId).key, nonce).setAAD(aad(keyId, context));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return { ciphertext: Buffer.concat([nonce, body, cipher.getAuthTag()]), keyId };
    },
    decrypt(ciphertext, keyId, context) {
      const decipher = createDecipheriv("aes-256-gcm", keyOf(keyId).key, ciphertext.subarray(0, nonceLength))
        .setAAD(aad(keyId, context))
        .setAuthTag(ciphertext.subarray(-tagLength));
      return decipher.update(ciphertext.subarray(nonceLength, -tagLength), undefined, "utf8") + decipher.final("utf8");
    },
  };
}

/**
 * The configured keys; for the embedded database without any, the one that was made at its first start. A database that
 * has been used with keys gets no new one in their place.
 */
export function openKeyring(
  { encryptionKeys, database, dataDir }: Pick<Config, "encryptionKeys" | "database" | "dataDir">,
  hasBeenUsed: boolean,
): Keyring {
  if (encryptionKeys || database) return createKeyring(encryptionKeys ?? []);
  const path = join(dataDir, "encryption-keys");
  if (!hasBeenUsed) makeKey(path);
  return createKeyring(existsSync(path) ? parseEncryptionKeys(readFileSync(path, "utf8")) : []);
}

function makeKey(path: string): void {
  try {
    // "x" fails when the file is there already, also when another process was quicker.
    const file = openSync(path, "wx", 0o600);
    writeSync(file, `k1:${randomBytes(32).toString("base64")}\n`);
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
