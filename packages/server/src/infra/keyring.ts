import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from "node:crypto";
import { closeSync, existsSync, fsyncSync, linkSync, openSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Logger } from "pino";
import { type Config, ConfigError, type EncryptionKey, parseEncryptionKeys, readKeysFile } from "./config.js";

/**
 * Encrypts values to be revealed later, with AES-256-GCM: 12 bytes of nonce, the ciphertext, 16 bytes of tag. Signs
 * with HMAC-SHA256, in hex, under a key derived from the encryption key (HKDF, RFC 5869).
 */
export interface Keyring {
  /** The first encrypts, all decrypt. If empty, values can be checked, but neither created nor revealed. */
  readonly ids: string[];
  /**
   * `context` is authenticated but not stored, so a ciphertext that was moved to another row cannot be decrypted. Uses
   * the first key by default. Throws a MissingKeyError without the key.
   */
  encrypt(text: string, context: string, keyId?: string): { ciphertext: Buffer; keyId: string };
  /**
   * Throws a MissingKeyError without the key, and another error if ciphertext, context and key do not belong together.
   */
  decrypt(ciphertext: Buffer, keyId: string, context: string): string;
  /** Signs under the first key. Throws a MissingKeyError without one. */
  sign(text: string): { signature: string; keyId: string };
  /** Throws a MissingKeyError without the key. */
  verify(text: string, signature: string, keyId: string): boolean;
}

const nonceLength = 12;
const tagLength = 16;
const signingInfo = "hallpass audit head";

export class MissingKeyError extends Error {
  override name = "MissingKeyError";
  constructor(keyId: string) {
    super(keyId ? `Encryption key '${keyId}' is not configured.` : "No encryption key is configured.");
  }
}

export function createKeyring(keys: EncryptionKey[]): Keyring {
  const aad = (keyId: string, context: string) => Buffer.from(`${keyId}\n${context}`);
  const keyOf = (id: string): EncryptionKey => {
    const key = keys.find((each) => each.id === id);
    if (!key) throw new MissingKeyError(id);
    return key;
  };
  const signingKeys = new Map(
    keys.map(({ id, key }) => [id, Buffer.from(hkdfSync("sha256", key, "", signingInfo, 32))]),
  );
  const signatureOf = (text: string, keyId: string): string => {
    const key = signingKeys.get(keyId);
    if (!key) throw new MissingKeyError(keyId);
    return createHmac("sha256", key).update(text).digest("hex");
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
    sign(text) {
      const keyId = keys[0]?.id ?? "";
      return { signature: signatureOf(text, keyId), keyId };
    },
    verify(text, signature, keyId) {
      const expected = Buffer.from(signatureOf(text, keyId));
      const given = Buffer.from(signature);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

/**
 * The configured keys or, for the embedded database without any, the key that was generated at its first start. A
 * database that has been used with keys gets no new one in their place. Throws a ConfigError if every user of the
 * machine can read or replace the generated key.
 */
export function openKeyring(
  { encryptionKeys, encryptionKeysFile, database, dataDir }: OpenKeyringConfig,
  hasBeenUsed: boolean,
  logger: Logger,
): Keyring {
  // Docker mounts secrets as 0444 and Kubernetes as 0644, which no one in the container can change.
  if (encryptionKeysFile) warnOfOthers(encryptionKeysFile, 0o027, logger);
  if (encryptionKeys || database) return createKeyring(encryptionKeys ?? []);
  const path = join(dataDir, "encryption-keys");
  if (!hasBeenUsed) makeKey(path);
  if (!existsSync(path)) return createKeyring([]);
  if (permissionsOf(path) & 0o007)
    throw new ConfigError([
      `${path} can be read or changed by every user of this machine. Run chmod 600 on it and, if others use the machine, rotate the key`,
    ]);
  warnOfOthers(path, 0o070, logger);
  return createKeyring(parseKeyFile(path));
}

type OpenKeyringConfig = Pick<Config, "encryptionKeys" | "encryptionKeysFile" | "database" | "dataDir">;

/** The last nine bits of the file's mode. On Windows they have no meaning. */
function permissionsOf(path: string): number {
  return process.platform === "win32" ? 0o600 : statSync(path).mode & 0o777;
}

function warnOfOthers(path: string, forbidden: number, logger: Logger): void {
  const permissions = permissionsOf(path);
  if (permissions & forbidden)
    logger.warn(
      { path, mode: permissions.toString(8).padStart(4, "0") },
      "users other than its owner can read or change the encryption key file",
    );
}

function parseKeyFile(path: string): EncryptionKey[] {
  try {
    return parseEncryptionKeys(readKeysFile(path));
  } catch (error) {
    throw new ConfigError([`${path} ${(error as Error).message}`]);
  }
}

/** Creates the file completely or not at all, even if the machine stops: half a key would be taken for the key. */
function makeKey(path: string): void {
  const unfinished = `${path}.${randomUUID()}`;
  writeFileSync(unfinished, `k1:${randomBytes(32).toString("base64")}\n`, { flag: "wx", mode: 0o600, flush: true });
  try {
    // Fails if the file already exists, e.g. because another process was faster.
    linkSync(unfinished, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(unfinished);
  }
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}
