import { limits } from "@hallpass/shared";
import type { CallContext } from "../../../context/request-context.js";
import { userInputError } from "../../../core/errors.js";
import { writeAuditRecord } from "../../audit/write-audit-record.js";
import { inAuthorizedTransaction } from "../../callers/authorized-transaction.js";
import { checkRecentSignIn, policyOf } from "../../policy/policy.js";
import { ApiTokenAccessEntity, type ApiTokenEntity } from "../api-token.entity.js";
import type { RotateApiTokenInput } from "../api-token.inputs.js";
import { ApiTokenSecretEntity } from "../api-token-secret.entity.js";
import { newTokenValue, secretOf } from "../token-secret.js";
import type { CreatedApiToken } from "./create-api-token.js";
import { transition, versionConflict } from "./transition.js";

/**
 * Gives the token a new value. The current one stays valid for `overlapSeconds`. One from an earlier rotation is
 * revoked now. Throws VERSION_CONFLICT if `version` is stale.
 */
export async function rotateApiToken(
  request: CallContext,
  { id, overlapSeconds, version }: Required<RotateApiTokenInput>,
): Promise<CreatedApiToken> {
  if (overlapSeconds === null || overlapSeconds < 0 || overlapSeconds > limits.rotationOverlapSeconds)
    throw userInputError("INVALID", "The previous value can stay valid for up to 7 days.", "overlapSeconds");
  return inAuthorizedTransaction(request, "apiToken:rotate", async (tx, context) => {
    const { manager } = tx;
    const { token, save, record } = await transition(tx, context, id, "ROTATE");
    await checkRecentSignIn(manager, context, await policyOf(manager, token.accountId));
    if (version !== null && version !== token.version) throw versionConflict();
    const value = newTokenValue(id);
    const validUntil = new Date(context.app.now().getTime() + overlapSeconds * 1000);
    const rotated = await save({});
    const { affected } = await manager.delete(ApiTokenSecretEntity, { tokenId: id, slot: "PREVIOUS" });
    // A single value's last use is the token's last access. With two values, each has its own.
    const lastUse = affected
      ? {}
      : { lastUsedAt: (await manager.findOneByOrFail(ApiTokenAccessEntity, { tokenId: id })).lastAccessAt };
    if (overlapSeconds === 0) await manager.delete(ApiTokenSecretEntity, { tokenId: id });
    else
      await manager.update(
        ApiTokenSecretEntity,
        { tokenId: id, slot: "CURRENT" },
        { slot: "PREVIOUS", validUntil, ...lastUse },
      );
    await manager.insert(ApiTokenSecretEntity, secretOf(context.app.keyring, token, value));
    await record({
      summary: `API token ${token.name} rotated`,
      after: { previousValueExpiresAt: overlapSeconds === 0 ? null : validUntil },
    });
    return { token: rotated, value };
  });
}

/** Revokes the previous value now. Throws ILLEGAL_TRANSITION if there is none. */
export async function endApiTokenRotation(request: CallContext, id: string): Promise<ApiTokenEntity> {
  return inAuthorizedTransaction(request, "apiToken:rotate", async (tx, context) => {
    const { manager } = tx;
    const { token, save } = await transition(tx, context, id, "ROTATE");
    // First, as everywhere: anyone who has changed the token meanwhile may have changed its values too.
    const ended = await save({});
    const { affected } = await manager.delete(ApiTokenSecretEntity, { tokenId: id, slot: "PREVIOUS" });
    if (!affected) throw userInputError("ILLEGAL_TRANSITION", "The token has no previous value.", "id");
    await writeAuditRecord(tx, context, {
      event: "api_token.rotation_ended",
      summary: `Previous value of API token ${token.name} revoked`,
      object: token,
    });
    return ended;
  });
}
