import { updateApiTokenInput } from "@hallpass/shared";
import type { EntityManager } from "typeorm";
import type { z } from "zod";
import type { CallContext } from "../../../context/request-context.js";
import { checkedInput } from "../../../core/checked-input.js";
import { inAuthorizedTransaction } from "../../callers/authorized-transaction.js";
import { encodeLogo, type Logo } from "../../logos/logo.js";
import { checkPolicy, policyOf } from "../../policy/policy.js";
import { type ApiTokenEntity, ApiTokenLogoEntity, ApiTokenSearchEntity, searchRow } from "../api-token.entity.js";
import type { UpdateApiTokenInput } from "../api-token.inputs.js";
import { rateLimitColumns, rateLimitOf } from "../api-token.types.js";
import { searchKey, searchTextOf } from "../search-text.js";
import { checkReach, isWider, type Reach } from "./delegation.js";
import { checkEnabled, checkExpiry, checkedIpRanges } from "./input-checks.js";
import { moduleIdsOf, replaceModules } from "./token-modules.js";
import { transition, versionConflict } from "./transition.js";

/** Updates the given fields. Fields left out stay unchanged. */
export async function updateApiToken(request: CallContext, rawInput: UpdateApiTokenInput): Promise<ApiTokenEntity> {
  const input = checkedInput(updateApiTokenInput, rawInput);
  checkExpiry(request, input.expiresAt);
  const ipRanges = checkedIpRanges(input.ipRanges);
  const logo = input.icon ? await encodeLogo(request, input.icon) : (input.icon as null | undefined);
  return inAuthorizedTransaction(request, "apiToken:write", async (tx, context) => {
    const { manager } = tx;
    const { token, save, record } = await transition(tx, context, input.id, "EDIT");
    if (input.version != null && input.version !== token.version) throw versionConflict();
    const moduleIds = await moduleIdsOf(manager, token.id);
    const before = editable(token, moduleIds);
    const after = { ...before, ...given({ ...input, ipRanges: ipRanges ?? input.ipRanges }, logo) };
    const changed = (Object.keys(before) as (keyof typeof before)[]).filter((key) => !same(before[key], after[key]));
    if (changed.length === 0) return token;

    checkPolicy(await policyOf(manager, token.accountId), changesOf(after, changed), context.app.now());
    await checkGains(context, manager, before, after, input.moduleIds);
    if (changed.includes("moduleIds")) await replaceModules(manager, token.id, after.moduleIds);
    if (changed.includes("icon")) {
      await manager.delete(ApiTokenLogoEntity, { tokenId: token.id });
      if (logo) await manager.insert(ApiTokenLogoEntity, { tokenId: token.id, png: logo.png });
    }
    const columns = columnsOf(token.id, after);
    const updated = await save(columns);
    await updateWords(manager, token, columns);
    const pick = (from: typeof before) => Object.fromEntries(changed.map((key) => [key, from[key]]));
    await record({
      summary: `API token ${after.name} edited`,
      object: { id: token.id, name: after.name },
      before: pick(before),
      after: pick(after),
    });
    return updated;
  });
}

/**
 * Checks what an edit adds. Added modules must be enabled for the account. A later expiry or more IP addresses extend
 * access to all modules, so a calling token must have all of them.
 */
async function checkGains(
  context: CallContext,
  manager: EntityManager,
  before: Reach,
  after: Reach,
  listed: string[] = [],
): Promise<void> {
  const added = after.moduleIds.filter((id) => !before.moduleIds.includes(id));
  await checkEnabled(context, manager, added, listed);
  if (extendsAccess(before, after)) checkReach(context.caller, after, listed);
  else if (added.length > 0) checkReach(context.caller, { ...after, moduleIds: added }, listed);
}

/** Updates the words by which the token is searched, if they change. */
async function updateWords(manager: EntityManager, token: ApiTokenEntity, columns: ReturnType<typeof columnsOf>) {
  if (columns.name === token.name && columns.description === token.description) return;
  await manager.update(ApiTokenSearchEntity, { tokenId: token.id }, searchRow({ ...token, ...columns }));
}

/** The fields an edit can change, in the form of the audit record. */
function editable(token: ApiTokenEntity, moduleIds: string[]) {
  const { name, description, expiresAt, logoHash } = token;
  return { name, description, moduleIds, expiresAt, ...limitsOf(token), icon: logoHash };
}

function columnsOf(id: string, { moduleIds, ipRanges, rateLimit, icon, ...rest }: ReturnType<typeof editable>) {
  return {
    ...rest,
    nameKey: searchKey(rest.name),
    searchText: searchTextOf({ id, ...rest }),
    ipRanges: ipRanges.length > 0 ? ipRanges : null,
    ...rateLimitColumns(rateLimit),
    moduleCount: moduleIds.length,
    logoHash: icon,
  };
}

function given(
  { name, description, moduleIds, expiresAt, ipRanges, rateLimit }: z.output<typeof updateApiTokenInput>,
  logo: Logo | null | undefined,
) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(moduleIds !== undefined && { moduleIds: moduleIds.toSorted() }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(ipRanges !== undefined && { ipRanges }),
    ...(rateLimit !== undefined && { rateLimit }),
    ...(logo !== undefined && { icon: logo?.hash ?? null }),
  };
}

/** In the form of the audit record. */
export const limitsOf = (token: ApiTokenEntity) => ({ ipRanges: token.ipRanges ?? [], rateLimit: rateLimitOf(token) });

/** What an edit changes that a policy may restrict. */
export const changesOf = (after: Omit<Reach, "moduleIds">, changed: string[]) => ({
  ...(changed.includes("expiresAt") && { expiresAt: after.expiresAt }),
  ...(changed.includes("ipRanges") && { ipRanges: after.ipRanges }),
});

/** Whether the token can be used for longer, or from more IP addresses, than before. */
export function extendsAccess(before: Omit<Reach, "moduleIds">, after: Omit<Reach, "moduleIds">): boolean {
  const isLater = before.expiresAt !== null && (after.expiresAt === null || after.expiresAt > before.expiresAt);
  return isLater || isWider(after.ipRanges, before.ipRanges);
}

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
