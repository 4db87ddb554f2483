import type { EntityManager } from "typeorm";
import type { AppContext } from "../../../context/app-context.js";
import type { Keyring } from "../../../infra/keyring.js";
import { AuditHeadEntity } from "../audit-record.entity.js";
import { chainBegin } from "../hash-chain.js";

/**
 * Whether a process with an encryption key wrote the head. INVALID if the signature does not match the head. UNCHECKED
 * if the key it names is not configured.
 */
export const headSignatures = ["VALID", "UNSIGNED", "INVALID", "UNCHECKED"] as const;
export type HeadSignature = (typeof headSignatures)[number];

interface Signature {
  signature: string | null;
  keyId: string | null;
}

const unsigned: Signature = { signature: null, keyId: null };

type Head = Pick<AuditHeadEntity, "accountId" | "sequence" | "hash">;

export function checkSignature(keyring: Keyring, { signature, keyId, ...head }: Head & Signature): HeadSignature {
  if (signature === null || keyId === null) return "UNSIGNED";
  if (!keyring.ids.includes(keyId)) return "UNCHECKED";
  return keyring.verify(textOf(head), signature, keyId) ? "VALID" : "INVALID";
}

/** Signs under the first key. Unsigned if no key is configured. */
export function signHead(keyring: Keyring, head: Head): Signature {
  return keyring.ids.length > 0 ? keyring.sign(textOf(head)) : unsigned;
}

/**
 * Signs the head that follows another only if that one is validly signed. Otherwise the next change would vouch for a
 * chain that someone has rewritten. The trail then stays unsigned until an operator has verified it (`audit sign`).
 */
export function signNextHead({ keyring, logger }: AppContext, before: AuditHeadEntity, next: Head): Signature {
  const { accountId, sequence } = next;
  const signature = checkSignature(keyring, before);
  if (signature === "VALID") return signHead(keyring, next);
  if (keyring.ids.length > 0 || signature !== "UNSIGNED")
    logger.error(
      { accountId, sequence, before: signature },
      "an audit head was left unsigned, as the one before it is not validly signed; run 'audit verify'",
    );
  return unsigned;
}

/** Starts an account's trail. Its empty head is signed too, unlike that of a trail that someone else has emptied. */
export async function startAuditTrail(manager: EntityManager, keyring: Keyring, accountId: string): Promise<void> {
  const head = { accountId, ...chainBegin };
  await manager.insert(AuditHeadEntity, { ...head, ...signHead(keyring, head) });
}

const textOf = ({ accountId, sequence, hash }: Head) => `${accountId}\n${sequence}\n${hash}`;
