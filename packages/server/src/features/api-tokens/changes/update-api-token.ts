import { updateApiTokenInput } from "@hallpass/shared";
import type { EntityManager } from "typeorm";
import type { z } from "zod";
import type { CallContext } from "../../../context/request-context.js";
import { inAuthorizedTransaction } from "../../callers/authorized-transaction.js";
import { encodeLogo } from "../../logos/logo.js";
import { type ApiTokenEntity, ApiTokenLogoEntity } from "../api-token.entity.js";
import type { UpdateApiTokenInput } from "../api-token.inputs.js";
import { searchKey, searchTextOf } from "../filter-api-tokens.js";
import { checkReach, type Reach } from "./delegation.js";
import { checkEnabled, checkExpiry, checkedInput } from "./input-checks.js";
import { moduleIdsOf, replaceModules } from "./token-modules.js";
import { transition, versionConflict } from "./transition.js";

/** Updates the given fields. Fields left out stay unchanged. */
export async function updateApiToken(request: CallContext, rawInput: UpdateApiTokenInput): Promise<ApiTokenEntity> {
  const input = checkedInput(updateApiTokenInput, rawInput);
  checkExpiry(request, input.expiresAt);
  const logo = input.icon ? await encodeLogo(request, input.icon) : (input.icon as null | undefined);
  return inAuthorizedTransaction(request, "apiToken:write", async (tx, context) => {
    const { manager } = tx;
    const { token, save, record } = await transition(tx, context, input.id, "EDIT");
    if (input.version != null && input.version !== token.version) throw versionConflict();
    const moduleIds = await moduleIdsOf(manager, token.id);
    const before = editable(token, moduleIds);
    const after = { ...before, ...given(input), ...(logo === undefined ? {} : { icon: logo?.hash ?? null }) };
    const changed = (Object.keys(before) as (keyof typeof before)[]).filter((key) => !same(before[key], after[key]));
    if (changed.length === 0) return token;

    await checkGains(context, manager, before, after, input.moduleIds);
    if (changed.includes("moduleIds")) await replaceModules(manager, token.id, after.moduleIds);
    if (changed.includes("icon")) {
      await manager.delete(ApiTokenLogoEntity, { tokenId: token.id });
      if (logo) await manager.insert(ApiTokenLogoEntity, { tokenId: token.id, png: logo.png });
    }
    const { name, description, expiresAt } = after;
    const updated = await save({
      name,
      nameKey: searchKey(name),
      description,
      searchText: searchTextOf({ id: token.id, name, description }),
      expiresAt,
      moduleCount: after.moduleIds.length,
      logoHash: after.icon,
    });
    const pick = (from: typeof before) => Object.fromEntries(changed.map((key) => [key, from[key]]));
    await record({
      summary: `API token ${name} edited`,
      object: { id: token.id, name },
      before: pick(before),
      after: pick(after),
    });
    return updated;
  });
}

/**
 * Checks what an edit adds. Added modules must be enabled for the account. A later expiry extends access to all
 * modules, so a calling token must have all of them.
 */
async function checkGains(
  context: CallContext,
  manager: EntityManager,
  before: Reach,
  { moduleIds, expiresAt }: Reach,
  listed: string[] = [],
): Promise<void> {
  const added = moduleIds.filter((id) => !before.moduleIds.includes(id));
  await checkEnabled(context, manager, added, listed);
  if (isLater(expiresAt, before.expiresAt)) checkReach(context.caller, { moduleIds, expiresAt }, listed);
  else if (added.length > 0) checkReach(context.caller, { moduleIds: added, expiresAt }, listed);
}

/** The fields an edit can change, in the form of the audit record. */
function editable({ name, description, expiresAt, logoHash }: ApiTokenEntity, moduleIds: string[]) {
  return { name, description, moduleIds, expiresAt, icon: logoHash };
}

function given({ name, description, moduleIds, expiresAt }: z.output<typeof updateApiTokenInput>) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(moduleIds !== undefined && { moduleIds: moduleIds.toSorted() }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** Null if never. */
const isLater = (a: Date | null, b: Date | null) => b !== null && (a === null || a > b);

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
