import type { AuditHeadInput } from "../../../gql/graphql";
import { isolated } from "../../../lib/isolated";

/** The highest record number the API accepts. */
const greatest = 2_147_483_647;

/**
 * Reads `41 <hash>` or the whole line `audit head` prints: `ACC-0001-0002 41 <hash>`, followed by the key ID and signature
 * if it is signed. Null if the text is empty.
 * Throws a NotedHeadFault with an error message.
 */
export function parseNotedHead(text: string, account: { id: string; name: string }): AuditHeadInput | null {
  if (!text.trim()) return null;
  const [, accountId = account.id, digits = "", hash = "", keyId, signature] =
    /^(?:(ACC(?:-\d{4})+)[\s:]+)?(\d+)[\s:]+([0-9a-f]{64})(?:[\s:]+([\w.-]{1,64})[\s:]+([0-9a-f]{64}))?$/i.exec(
      text.trim(),
    ) ?? [];
  const sequence = Number(digits);
  if (!hash || sequence > greatest)
    throw new NotedHeadFault("Enter the record number and the 64-character hash. An account ID may come first.");
  if (accountId.toUpperCase() !== account.id)
    throw new NotedHeadFault(
      `This head belongs to ${accountId.toUpperCase()}, but you’re in ${isolated(account.name)} (${account.id}).`,
    );
  const signed = keyId && signature && { keyId, signature: signature.toLowerCase() };
  return { sequence, hash: hash.toLowerCase(), ...signed };
}

export class NotedHeadFault extends Error {}
