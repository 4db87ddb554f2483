import { createHash, randomInt } from "node:crypto";
import { base62, formatTokenValue, secretLength } from "@hallpass/shared";
import type { Redis } from "ioredis";
import type { EntityManager } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { CallContext } from "../../context/request-context.js";
import { networkOf } from "../../http/client-address.js";
import type { Keyring } from "../../infra/keyring.js";
import { createRateLimit } from "../../infra/rate-limit.js";
import { ApiTokenSecretEntity } from "./api-token-secret.entity.js";

/** A new value for a token, from a cryptographic random source. */
export function newTokenValue(tokenId: string): string {
  const secret = Array.from({ length: secretLength }, () => base62.charAt(randomInt(base62.length)));
  return formatTokenValue(tokenId, secret.join(""));
}

/** SHA-256, in hex. The secret has 190 random bits, so neither a salt nor a slower hash is needed. */
export function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

/** Binds a ciphertext to an account and token. It cannot be decrypted for another. */
const contextOf = (accountId: string, tokenId: string) => `${accountId}\n${tokenId}`;

/** The stored form of a token's current value. */
export function secretOf(keyring: Keyring, { id, accountId }: { id: string; accountId: string }, value: string) {
  const encrypted = keyring.encrypt(value, contextOf(accountId, id));
  return { tokenId: id, slot: "CURRENT" as const, digest: digestOf(value), ...encrypted };
}

const fiveMinutes = 5 * 60;

/** Reveals: by user and by IP address. */
export function createRevealLimits(redis: Redis | null): AppContext["revealLimits"] {
  return {
    perPerson: createRateLimit({ name: "reveal-person", attempts: 60, seconds: fiveMinutes }, redis),
    perAddress: createRateLimit({ name: "reveal-address", attempts: 120, seconds: fiveMinutes }, redis),
  };
}

/** Counts a reveal. Throws RATE_LIMITED. */
export async function countReveal({ app, caller, origin }: CallContext): Promise<void> {
  await app.revealLimits.perPerson.take(caller.id ?? "system");
  if (!origin.sharedIp) await app.revealLimits.perAddress.take(networkOf(origin.ip));
}

/** The current value, decrypted. Null if the token no longer has one. */
export async function openSecret(
  manager: EntityManager,
  keyring: Keyring,
  { id, accountId }: { id: string; accountId: string },
): Promise<string | null> {
  const secret = await manager.findOneBy(ApiTokenSecretEntity, { tokenId: id, slot: "CURRENT" });
  return secret && keyring.decrypt(secret.ciphertext, secret.keyId, contextOf(accountId, id));
}

/** The same value, encrypted under the keyring's first key. */
export function reencrypt(
  keyring: Keyring,
  { id, accountId }: { id: string; accountId: string },
  { ciphertext, keyId }: Pick<ApiTokenSecretEntity, "ciphertext" | "keyId">,
): Pick<ApiTokenSecretEntity, "ciphertext" | "keyId"> {
  const context = contextOf(accountId, id);
  return keyring.encrypt(keyring.decrypt(ciphertext, keyId, context), context);
}
