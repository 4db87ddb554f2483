import { type FindOptionsWhere, IsNull, MoreThan, Not } from "typeorm";
import type { AppContext } from "../../../context/app-context.js";
import { AuditHeadEntity } from "../audit-record.entity.js";
import { writeOperationsRecord } from "../operations-record.js";
import { checkSignature, signHead } from "./head-signature.js";

type Keys = Pick<AppContext, "dataSource" | "keyring">;

export const headsPerRead = 200;

/** All heads that match the condition, by account, in pages. Heads that change meanwhile may be left out. */
export async function* headPages(
  { dataSource }: Pick<Keys, "dataSource">,
  condition: FindOptionsWhere<AuditHeadEntity> = {},
): AsyncGenerator<AuditHeadEntity[]> {
  for (let after = ""; ; ) {
    const heads = await dataSource.manager.find(AuditHeadEntity, {
      where: { ...condition, accountId: MoreThan(after) },
      order: { accountId: "ASC" },
      take: headsPerRead,
    });
    yield heads;
    after = heads.at(-1)?.accountId ?? "";
    if (heads.length < headsPerRead) return;
  }
}

/** Whether any head is unsigned although keys are configured. */
export async function hasUnsignedHeads({ dataSource, keyring }: Keys): Promise<boolean> {
  return keyring.ids.length > 0 && (await dataSource.manager.existsBy(AuditHeadEntity, { keyId: IsNull() }));
}

/**
 * Signs every head once, without verifying it, right after the migration that introduced signatures. Everything written
 * before is trusted. The trails of the OPERATIONS accounts record it, so that a second time would be noticed.
 */
export async function signExistingHeads(app: AppContext): Promise<void> {
  if (!(await app.dataSource.manager.exists(AuditHeadEntity))) return;
  if (app.keyring.ids.length === 0) {
    app.logger.warn("audit heads are unsigned, as no encryption key is configured; run 'audit sign' with the keys");
    return;
  }
  const signed = await signEach(app, { keyId: IsNull() }, () => true);
  app.logger.info({ signed }, "existing audit heads signed");
  await writeOperationsRecord(app, {
    event: "audit_trail.signed",
    summary: `${signed} audit heads signed for the first time, unchecked`,
    after: { heads: signed, keyId: app.keyring.ids[0] },
  });
}

/**
 * Re-signs validly signed heads under the first key. Each is updated separately and only while it is as it was read, so
 * this can be interrupted, repeated and run beside a serving process. Returns how many were signed.
 */
export function resignHeads(keys: Keys): Promise<number> {
  const { keyring } = keys;
  const isTrusted = (head: AuditHeadEntity) => checkSignature(keyring, head) === "VALID";
  return signEach(keys, { keyId: Not(keyring.ids[0] ?? "") }, isTrusted);
}

async function signEach(
  keys: Keys,
  condition: FindOptionsWhere<AuditHeadEntity>,
  isTrusted: (head: AuditHeadEntity) => boolean,
): Promise<number> {
  let signed = 0;
  let overtaken: boolean;
  do {
    overtaken = false;
    for await (const heads of headPages(keys, condition))
      for (const head of heads.filter(isTrusted)) {
        const { accountId, sequence, hash, keyId } = head;
        const { affected } = await keys.dataSource.manager.update(
          AuditHeadEntity,
          { accountId, sequence, hash, keyId: keyId ?? IsNull() },
          signHead(keys.keyring, head),
        );
        if (affected) signed++;
        else overtaken = true;
      }
  } while (overtaken);
  return signed;
}
