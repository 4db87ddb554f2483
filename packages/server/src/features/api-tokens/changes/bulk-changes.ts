import { bulkApiTokensInput, bulkUpdateApiTokensInput } from "@hallpass/shared";
import { type EntityManager, In } from "typeorm";
import type { CallContext } from "../../../context/request-context.js";
import { checkedInput } from "../../../core/checked-input.js";
import { inAuthorizedTransaction } from "../../callers/authorized-transaction.js";
import { checkPolicy, checkRecentSignIn, policyOf } from "../../policy/policy.js";
import { type ApiTokenEntity, ApiTokenEventEntity, ApiTokenModuleEntity } from "../api-token.entity.js";
import type { BulkUpdateApiTokensInput } from "../api-token.inputs.js";
import { rateLimitColumns } from "../api-token.types.js";
import { type BulkResult, changeMany, type StatusAction, statusPlan } from "./change-many.js";
import { checkReach, mayEnable, notForTokens } from "./delegation.js";
import { checkExpiry, checkedIpRanges } from "./input-checks.js";
import { changesOf, extendsAccess, limitsOf, same } from "./update-api-token.js";

// Up to 1,000 tokens in one transaction. Those that can be changed are, and the others get errors of their own.

/** Resolves only once this process decides by the new status. */
export async function changeStatuses(
  request: CallContext,
  rawIds: string[],
  action: StatusAction,
): Promise<BulkResult[]> {
  const { ids } = checkedInput(bulkApiTokensInput, { ids: rawIds });
  return inAuthorizedTransaction(request, "apiToken:write", async (tx, context) => {
    const { caller } = context;
    if (action === "DELETE")
      await checkRecentSignIn(tx.manager, context, await policyOf(tx.manager, caller.account.id));
    const details = caller.kind === "token" && action === "ENABLE" ? await detailsOf(tx.manager, ids) : null;
    const plan = statusPlan(action);
    return changeMany(tx, context, ids, action, {
      ...plan,
      of(token) {
        if (details && !mayEnable(caller, details.disabledBy(token), { ...token, moduleIds: details.moduleIds(token) }))
          throw notForTokens();
        return plan.of(token);
      },
    });
  });
}

/** Updates the given fields in each token. Fields left out stay unchanged. */
export async function updateApiTokens(request: CallContext, rawInput: BulkUpdateApiTokensInput): Promise<BulkResult[]> {
  const { ids, expiresAt, rateLimit, ...input } = checkedInput(bulkUpdateApiTokensInput, rawInput);
  checkExpiry(request, expiresAt);
  const ipRanges = checkedIpRanges(input.ipRanges);
  const given = {
    ...(expiresAt !== undefined && { expiresAt }),
    ...(ipRanges !== undefined && { ipRanges: ipRanges ?? [] }),
    ...(rateLimit !== undefined && { rateLimit }),
  };
  return inAuthorizedTransaction(request, "apiToken:write", async (tx, context) => {
    const { caller } = context;
    const policy = await policyOf(tx.manager, caller.account.id);
    const details = caller.kind === "token" ? await detailsOf(tx.manager, ids) : null;
    return changeMany(tx, context, ids, "EDIT", {
      columns: {
        ...(expiresAt !== undefined && { expiresAt }),
        ...(ipRanges !== undefined && { ipRanges }),
        ...(rateLimit !== undefined && rateLimitColumns(rateLimit)),
      },
      of(token) {
        const before = { expiresAt: token.expiresAt, ...limitsOf(token) };
        const after = { ...before, ...given };
        const changed = (Object.keys(before) as (keyof typeof before)[]).filter(
          (key) => !same(before[key], after[key]),
        );
        if (changed.length === 0) return null;
        checkPolicy(policy, changesOf(after, changed), request.app.now());
        if (details && extendsAccess(before, after))
          checkReach(caller, { ...after, moduleIds: details.moduleIds(token) });
        const pick = (from: typeof before) => Object.fromEntries(changed.map((key) => [key, from[key]]));
        return { before: pick(before), after: pick(after) };
      },
    });
  });
}

/** What limits calling tokens, of the tokens with these IDs. */
async function detailsOf(manager: EntityManager, ids: string[]) {
  const granted = await manager.findBy(ApiTokenModuleEntity, { tokenId: In(ids) });
  const disabled = await manager.findBy(ApiTokenEventEntity, { tokenId: In(ids), kind: "DISABLED" });
  const modules = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { tokenId, moduleId } of granted) modules.get(tokenId)?.push(moduleId);
  const disabledBy = new Map(disabled.map(({ tokenId, byId }) => [tokenId, byId]));
  return {
    moduleIds: ({ id }: ApiTokenEntity) => modules.get(id) ?? [],
    disabledBy: ({ id }: ApiTokenEntity) => disabledBy.get(id) ?? null,
  };
}
