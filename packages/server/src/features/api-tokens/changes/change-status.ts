import type { EntityManager } from "typeorm";
import type { CallContext } from "../../../context/request-context.js";
import { inAuthorizedTransaction } from "../../callers/authorized-transaction.js";
import { checkRecentSignIn, policyOf } from "../../policy/policy.js";
import { ApiTokenAccessEntity, type ApiTokenEntity, ApiTokenEventEntity } from "../api-token.entity.js";
import { ApiTokenSecretEntity } from "../api-token-secret.entity.js";
import { changeMany, type StatusAction, statusPlan } from "./change-many.js";
import { mayEnable, notForTokens } from "./delegation.js";
import { descendantsOf } from "./descendants.js";
import { moduleIdsOf } from "./token-modules.js";
import { type Transition, transition } from "./transition.js";

export async function enableApiToken(request: CallContext, id: string): Promise<ApiTokenEntity> {
  return inAuthorizedTransaction(request, "apiToken:write", async (tx, context) => {
    const enabling = await transition(tx, context, id, "ENABLE");
    if (!(await mayCallerEnable(context, tx.manager, enabling.token))) throw notForTokens();
    return changeStatus(enabling, "ENABLE");
  });
}

async function mayCallerEnable({ caller }: CallContext, manager: EntityManager, token: ApiTokenEntity) {
  if (caller.kind !== "token") return true;
  const disabled = await manager.findOneBy(ApiTokenEventEntity, { tokenId: token.id, kind: "DISABLED" });
  const moduleIds = await moduleIdsOf(manager, token.id);
  return mayEnable(caller, disabled?.byId ?? null, { ...token, moduleIds });
}

export interface Revoked {
  token: ApiTokenEntity;
  /** Active tokens it had created, directly or through others, if they were to be disabled as well. */
  disabledDescendants: ApiTokenEntity[];
}

/** Resolves only once this process denies the token. */
export const disableApiToken = (request: CallContext, id: string, includeDescendants = false): Promise<Revoked> =>
  revoke(request, id, "DISABLE", includeDescendants);

/** Permanent: the digest and ciphertext to check and reveal the value with are destroyed. */
export const deleteApiToken = (request: CallContext, id: string, includeDescendants = false): Promise<Revoked> =>
  revoke(request, id, "DELETE", includeDescendants);

function revoke(
  request: CallContext,
  id: string,
  action: "DISABLE" | "DELETE",
  includeDescendants: boolean,
): Promise<Revoked> {
  return inAuthorizedTransaction(request, "apiToken:write", async (tx, context) => {
    const revoking = await transition(tx, context, id, action);
    if (action === "DELETE")
      await checkRecentSignIn(tx.manager, context, await policyOf(tx.manager, context.caller.account.id));
    const token = await changeStatus(revoking, action);
    if (action === "DELETE") {
      await tx.manager.delete(ApiTokenSecretEntity, { tokenId: id });
      await tx.manager.update(ApiTokenAccessEntity, { tokenId: id }, { deleted: 1 });
    }
    const descendants = includeDescendants ? await descendantsOf(tx.manager, token) : [];
    const active = descendants.filter(({ status }) => status === "ACTIVE").map((descendant) => descendant.id);
    const disabled = await changeMany(tx, context, active, "DISABLE", statusPlan("DISABLE"));
    for (const { error } of disabled) if (error) throw error;
    return { token, disabledDescendants: disabled.flatMap((each) => each.token ?? []) };
  });
}

export async function changeStatus(
  { token, save, record }: Transition,
  action: StatusAction,
  entry: Parameters<Transition["record"]>[0] = {},
): Promise<ApiTokenEntity> {
  const plan = statusPlan(action);
  const changed = await save(plan.columns);
  await record({ ...plan.of(token), ...entry });
  return changed;
}
