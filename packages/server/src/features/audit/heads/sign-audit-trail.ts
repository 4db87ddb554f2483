import type { EntityManager } from "typeorm";
import type { CallContext } from "../../../context/request-context.js";
import type { SystemCaller } from "../../../core/caller-types.js";
import { inTransaction } from "../../../db/transaction.js";
import { MissingKeyError } from "../../../infra/keyring.js";
import { AuditHeadEntity } from "../audit-record.entity.js";
import { type Verification, verifyAuditTrail, verifyRecords } from "../verify-audit-trail.js";
import { writeAuditRecord } from "../write-audit-record.js";
import { signHead } from "./head-signature.js";

/**
 * Verifies an account's chain, then signs its head if it is not validly signed. For operators who have compared the
 * trail with heads saved elsewhere. From then on, changes are signed again. The trail records it. `mismatch` is the
 * reason if it was not signed. Throws a MissingKeyError if no key is configured.
 */
export async function signAuditTrail(
  context: CallContext<SystemCaller>,
): Promise<Pick<Verification, "records" | "mismatch"> & { signed: boolean }> {
  const { app, caller } = context;
  if (app.keyring.ids.length === 0) throw new MissingKeyError("");
  const { records, head, headSignature, mismatch } = await verifyAuditTrail(app, caller.account.id);
  if (mismatch || headSignature === "VALID") return { records, mismatch, signed: false };
  return inTransaction(app.dataSource, async (tx) => {
    const current = await lockHead(tx.manager, caller.account.id);
    // Records written since the chain was verified.
    const since = await verifyRecords(tx.manager, caller.account.id, head, current);
    const seen = records + since.records;
    if (since.mismatch) return { records: seen, mismatch: since.mismatch, signed: false };
    const { accountId, sequence, hash } = current;
    await tx.manager.update(AuditHeadEntity, { accountId }, signHead(app.keyring, current));
    await writeAuditRecord(tx, context, {
      event: "audit_trail.signed",
      summary: `Audit trail signed after ${seen} records were verified`,
      object: caller.account,
      before: { signature: headSignature },
      after: { sequence, hash, keyId: app.keyring.ids[0] },
    });
    return { records: seen, mismatch: null, signed: true };
  });
}

async function lockHead(manager: EntityManager, accountId: string): Promise<AuditHeadEntity> {
  await manager.increment(AuditHeadEntity, { accountId }, "sequence", 0);
  return manager.findOneByOrFail(AuditHeadEntity, { accountId });
}
