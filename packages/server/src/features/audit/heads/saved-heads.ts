import type { AuditHead } from "../verify-audit-trail.js";

/** A head as a line of text: `ACC-0001-0002 41 <hash>`, followed by ` <key ID> <signature>` if it is signed. */
export function formatHead(accountId: string, { sequence, hash, signature, keyId }: AuditHead): string {
  const line = `${accountId} ${sequence} ${hash}`;
  return signature === null || keyId === null ? line : `${line} ${keyId} ${signature}`;
}

export interface SavedHead extends AuditHead {
  accountId: string;
}

const hex = /^[0-9a-f]{64}$/;

/** Parses such a line. Null if it is malformed. */
export function parseHead(line: string): SavedHead | null {
  const [accountId = "", sequence = "", hash = "", keyId = null, signature = null, ...more] = line
    .trim()
    .split(/[\s:]+/);
  if (!/^\d+$/.test(sequence) || !hex.test(hash) || more.length > 0) return null;
  if (keyId !== null && !(signature && hex.test(signature))) return null;
  return { accountId, sequence: Number(sequence), hash, keyId, signature };
}
