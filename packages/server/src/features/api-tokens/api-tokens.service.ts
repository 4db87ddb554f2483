import { type ApiTokenEventKind, type AuditEvent, lifeCycle, updateApiTokenInput } from "@hallpass/shared";
import type { EntityManager } from "typeorm";
import type { z } from "zod";
import type { CallContext } from "../../context/request-context.js";
import type { Transaction } from "../../db/transaction.js";
import { writeAuditRecord } from "../audit/write-audit-record.js";
import { inAuthorizedTransaction } from "../callers/authorized-transaction.js";
import { encodeIcon } from "../icons/icon.js";
import { ApiTokenEntity, ApiTokenEventEntity, ApiTokenIconEntity, ApiTokenModuleEntity } from "./api-token.entity.js";
import type { RevealPurpose, UpdateApiTokenInput } from "./api-token.inputs.js";
import {
  changeable,
  checkEnabled,
  checkExpiry,
  checkedInput,
  guardedUpdate,
  holdAsRead,
  noSuchToken,
  searchTextOf,
  versionConflict,
  writeEvent,
} from "./api-token-changes.js";
import { ApiTokenSecretEntity } from "./api-token-secret.entity.js";
import { checkReach, mayEnable, notForTokens, type Reach } from "./delegation.js";
import { descendantsOf } from "./descendants.js";
import { searchKey } from "./filter-api-tokens.js";
import { countReveal, openSecret } from "./token-secret.js";
import { canSee } from "./visibility.js";

/** A token that the caller may see, or null. */
export async function findApiToken({ app, caller }: CallContext, id: string): Promise<ApiTokenEntity | null> {
  const token = await app.dataSource.manager.findOneBy(ApiTokenEntity, { id, accountId: caller.account.id });
  // MariaDB takes an identifier with blanks behind it for the one without.
  return token?.id === id && canSee(caller, token) ? token : null;
}

/** Updates the given fields. Fields left out stay unchanged. */
export async function updateApiToken(request: CallContext, rawInput: UpdateApiTokenInput): Promise<ApiTokenEntity> {
  const input = checkedInput(updateApiTokenInput, rawInput);
  checkExpiry(request, input.expiresAt);
  const icon = input.icon ? await encodeIcon(request, input.icon) : (input.icon as null | undefined);
  return inAuthorizedTransaction(request, "apiToken:write", async (tx, context) => {
    const { manager } = tx;
    const token = await changeable(context, manager, input.id, "EDIT");
    if (input.version != null && input.version !== token.version) throw versionConflict();
    const moduleIds = await modulesOf(manager, token.id);
    const before = editable(token, moduleIds);
    const after = { ...before, ...given(input), ...(icon === undefined ? {} : { icon: icon?.hash ?? null }) };
    const changed = (Object.keys(before) as (keyof typeof before)[]).filter((key) => !same(before[key], after[key]));
    if (changed.length === 0) return token;

    await checkGains(context, manager, before, after, input.moduleIds);
    if (changed.includes("moduleIds")) await replaceModules(manager, token.id, after.moduleIds);
    if (changed.includes("icon")) {
      await manager.delete(ApiTokenIconEntity, { tokenId: token.id });
      if (icon) await manager.insert(ApiTokenIconEntity, { tokenId: token.id, png: icon.png });
    }
    const { name, description, expiresAt } = after;
    const updated = await guardedUpdate(manager, token, "EDIT", {
      name,
      nameKey: searchKey(name),
      description,
      searchText: searchTextOf({ id: token.id, name, description }),
      expiresAt,
      moduleCount: after.moduleIds.length,
      iconHash: after.icon,
    });
    await writeEvent(manager, context, token.id, "UPDATED");
    const pick = (from: typeof before) => Object.fromEntries(changed.map((key) => [key, from[key]]));
    await writeAuditRecord(tx, context, {
      event: "api_token.updated",
      summary: `API token ${name} edited`,
      object: { id: token.id, name },
      before: pick(before),
      after: pick(after),
    });
    return updated;
  });
}

/** What an edit gives the token: modules, which the account must have, and time, which it has all its modules for. */
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

export async function enableApiToken(request: CallContext, id: string): Promise<ApiTokenEntity> {
  return inAuthorizedTransaction(request, "apiToken:write", async (tx, context) => {
    const token = await changeable(context, tx.manager, id, "ENABLE");
    if (!(await mayCallerEnable(context, tx.manager, token))) throw notForTokens();
    return changeStatus(tx, context, token, "ENABLE");
  });
}

async function mayCallerEnable({ caller }: CallContext, manager: EntityManager, token: ApiTokenEntity) {
  if (caller.kind !== "token") return true;
  const disabled = await manager.findOneBy(ApiTokenEventEntity, { tokenId: token.id, kind: "DISABLED" });
  const moduleIds = await modulesOf(manager, token.id);
  return mayEnable(caller, disabled?.byId ?? null, { moduleIds, expiresAt: token.expiresAt });
}

export interface Revoked {
  token: ApiTokenEntity;
  /** Active tokens that it had created, directly or through others, when they were to be disabled as well. */
  disabledDescendants: ApiTokenEntity[];
}

/** Answered only when this process denies the token. */
export const disableApiToken = (request: CallContext, id: string, includeDescendants = false): Promise<Revoked> =>
  revoke(request, id, "DISABLE", includeDescendants);

/** For good: what the value could be checked and revealed with is destroyed. */
export const deleteApiToken = (request: CallContext, id: string, includeDescendants = false): Promise<Revoked> =>
  revoke(request, id, "DELETE", includeDescendants);

function revoke(
  request: CallContext,
  id: string,
  action: "DISABLE" | "DELETE",
  includeDescendants: boolean,
): Promise<Revoked> {
  return inAuthorizedTransaction(request, "apiToken:write", async (tx, context) => {
    const token = await changeable(context, tx.manager, id, action);
    const revoked = await changeStatus(tx, context, token, action);
    const disabledDescendants: ApiTokenEntity[] = [];
    for (const each of includeDescendants ? await descendantsOf(tx.manager, token) : [])
      if (each.status === "ACTIVE") {
        const descendant = await changeable(context, tx.manager, each.id, "DISABLE");
        disabledDescendants.push(await changeStatus(tx, context, descendant, "DISABLE"));
      }
    return { token: revoked, disabledDescendants };
  });
}

/** The value. Given out only together with its audit record. */
export async function revealApiToken(request: CallContext, id: string, purpose: RevealPurpose): Promise<string> {
  await countReveal(request);
  return inAuthorizedTransaction(request, "apiToken:reveal", async (tx, context) => {
    const { manager } = tx;
    const token = await changeable(context, manager, id, "REVEAL");
    // Else a value could be given out that was rotated or deleted by the time that its record is written.
    await holdAsRead(manager, token, "REVEAL");
    const value = await openSecret(manager, context.app.keyring, token);
    if (value === null) throw noSuchToken();
    await writeEvent(manager, context, id, "REVEALED");
    await writeAuditRecord(tx, context, {
      event: "api_token.revealed",
      summary: `Value of API token ${token.name} ${purpose === "COPY" ? "copied" : "shown"}`,
      object: token,
      after: { purpose },
    });
    return value;
  });
}

const statusChanges = {
  ENABLE: { kind: "ENABLED", event: "api_token.enabled", verb: "enabled" },
  DISABLE: { kind: "DISABLED", event: "api_token.disabled", verb: "disabled" },
  DELETE: { kind: "DELETED", event: "api_token.deleted", verb: "deleted" },
} as const satisfies Record<string, { kind: ApiTokenEventKind; event: AuditEvent; verb: string }>;

async function changeStatus(
  tx: Transaction,
  context: CallContext,
  token: ApiTokenEntity,
  action: keyof typeof statusChanges,
): Promise<ApiTokenEntity> {
  const { manager } = tx;
  const { kind, event, verb } = statusChanges[action];
  const status = lifeCycle[action].to;
  if (!status) throw new Error(`${action} leads nowhere.`);
  const changed = await guardedUpdate(manager, token, action, { status, deleted: status === "DELETED" ? 1 : 0 });
  if (action === "DELETE") await manager.delete(ApiTokenSecretEntity, { tokenId: token.id });
  await writeEvent(manager, context, token.id, kind);
  await writeAuditRecord(tx, context, {
    event,
    summary: `API token ${token.name} ${verb}`,
    object: token,
    before: { status: token.status },
    after: { status },
  });
  return changed;
}

async function modulesOf(manager: EntityManager, tokenId: string): Promise<string[]> {
  return (await manager.findBy(ApiTokenModuleEntity, { tokenId })).map(({ moduleId }) => moduleId).sort();
}

async function replaceModules(manager: EntityManager, tokenId: string, moduleIds: string[]): Promise<void> {
  await manager.delete(ApiTokenModuleEntity, { tokenId });
  await manager.insert(
    ApiTokenModuleEntity,
    moduleIds.map((moduleId) => ({ tokenId, moduleId })),
  );
}

/** What an edit can change, as it goes into the audit record. */
function editable({ name, description, expiresAt, iconHash }: ApiTokenEntity, moduleIds: string[]) {
  return { name, description, moduleIds, expiresAt, icon: iconHash };
}

function given({ name, description, moduleIds, expiresAt }: z.output<typeof updateApiTokenInput>) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(moduleIds !== undefined && { moduleIds: moduleIds.toSorted() }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** Null: never. */
const isLater = (a: Date | null, b: Date | null) => b !== null && (a === null || a > b);

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
