import type { ChainLink } from "@hallpass/shared/check";
import type { EntityManager } from "typeorm";
import { AuditArchiveEntity, AuditRecordEntity } from "../audit-record.entity.js";
import { chainBegin } from "../hash-chain.js";

/** The account's newest record that is in an archive and no longer stored. The chain's begin if there is none. */
export async function findArchived(manager: EntityManager, accountId: string): Promise<ChainLink> {
  const row = await manager.findOneBy(AuditArchiveEntity, { accountId });
  return row ? { sequence: row.sequence, hash: row.hash } : chainBegin;
}

/** Whether this record is in the archive only. Of archived records, the database knows the newest one's hash. */
export const isInArchive = (sequence: number, archived: ChainLink): boolean =>
  sequence > 0 && sequence < archived.sequence;

/** What an `audit_trail.archived` record says. */
export interface Archiving {
  /** The record before the first one in the file. */
  from: ChainLink;
  /** The last record in the file. */
  to: ChainLink;
  /** Name of the file. */
  file: string;
}

/**
 * What the trail says was last archived. It proves that older records were not simply deleted, because the record that
 * says so is part of the chain. Null if there is none.
 */
export async function lastArchiving(manager: EntityManager, accountId: string): Promise<Archiving | null> {
  const record = await manager.findOne(AuditRecordEntity, {
    where: { accountId, event: "audit_trail.archived" },
    order: { sequence: "DESC" },
  });
  if (!record) return null;
  try {
    const { before, after } = JSON.parse(record.changes);
    const { file, ...to } = after;
    return { from: before, to, file };
  } catch {
    // Altered, which the chain shows.
    return null;
  }
}
