import { type ApiTokenEventKind, type AuditEvent, lifeCycle, updateApiTokenInput } from "@hallpass/shared";
import type { EntityManager } from "typeorm";
import type { z } from "zod";
import { inTransaction } from "../../db/transaction.js";
import type { CallContext } from "../../request-context.js";
import { writeAuditRecord } from "../audit/write-audit-record.js";
import { ApiTokenEntity, ApiTokenIconEntity, ApiTokenModuleEntity } from "./api-token.entity.js";
import type { RevealPurpose, UpdateApiTokenInput } from "./api-token.inputs.js";
import {
  changeable,
  checkExpiry,
  checkedInput,
  checkGrantable,
  guardedUpdate,
  holdAsRead,
  noSuchToken,
  searchTextOf,
  versionConflict,
  writeEvent,
} from "./api-token-changes.js";
import { ApiTokenSecretEntity } from "./api-token-secret.entity.js";
import { searchKey } from "./filter-api-tokens.js";
import { encodeIcon } from "./icon.js";
import { countReveal, openSecret } from "./token-secret.js";
import { canSee } from "./visibility.js";

/** A token that the caller may see, or null. */
export async function findApiToken({ app, caller }: CallContext, id: string): Promise<ApiTokenEntity | null> {
  const token = await app.dataSource.manager.findOneBy(ApiTokenEntity, { id, accountId: caller.account.id });
  // MariaDB takes an identifier with blanks behind it for the one without.
  return token?.id === id && canSee(caller, token) ? token : null;
}

/** Changes what is given and leaves the rest. */
export async function updateApiToken(context: CallContext, rawInput: UpdateApiTokenInput): Promise<ApiTokenEntity> {
  const input = checkedInput(updateApiTokenInput, rawInput);
  checkExpiry(context, input.expiresAt);
  const icon = input.icon ? await encodeIcon(context, input.icon) : (input.icon as null | undefined);
  return inTransaction(context.app.dataSource, async (tx) => {
    const { manager } = tx;
    const token = await changeable(context, manager, input.id, "EDIT");
    if (input.version != null && input.version !== token.version) throw versionConflict();
    const moduleIds = await modulesOf(manager, token.id);
    const before = editable(token, moduleIds);
    const after = { ...before, ...given(input), ...(icon === undefined ? {} : { icon: icon?.hash ?? null }) };
    const changed = (Object.keys(before) as (keyof typeof before)[]).filter((key) => !same(before[key], after[key]));
    if (changed.length === 0) return token;

    if (changed.includes("moduleIds")) {
      const added = after.moduleIds.filter((id) => !moduleIds.includes(id));
      await checkGrantable(context, manager, added);
      await replaceModules(manager, token.id, after.moduleIds);
    }
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

export const enableApiToken = (context: CallContext, id: string) =>
  changeStatus(context, id, "ENABLE", { event: "ENABLED", audit: "api_token.enabled", verb: "enabled" });

/** Answered only when this process refuses the token. */
export const disableApiToken = (context: CallContext, id: string) =>
  changeStatus(context, id, "DISABLE", { event: "DISABLED", audit: "api_token.disabled", verb: "disabled" });

/** For good: what the value could be checked and revealed with is destroyed. */
export const deleteApiToken = (context: CallContext, id: string) =>
  changeStatus(context, id, "DELETE", { event: "DELETED", audit: "api_token.deleted", verb: "deleted" }, (manager) =>
    manager.delete(ApiTokenSecretEntity, { tokenId: id }),
  );

/** The value. Given out only together with its audit record. */
export async function revealApiToken(context: CallContext, id: string, purpose: RevealPurpose): Promise<string> {
  await countReveal(context);
  return inTransaction(context.app.dataSource, async (tx) => {
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

interface StatusChange {
  event: ApiTokenEventKind;
  audit: AuditEvent;
  verb: string;
}

async function changeStatus(
  context: CallContext,
  id: string,
  action: "ENABLE" | "DISABLE" | "DELETE",
  { event, audit, verb }: StatusChange,
  alongside: (manager: EntityManager) => Promise<unknown> = async () => {},
): Promise<ApiTokenEntity> {
  const status = lifeCycle[action].to;
  if (!status) throw new Error(`${action} leads nowhere.`);
  return inTransaction(context.app.dataSource, async (tx) => {
    const { manager } = tx;
    const token = await changeable(context, manager, id, action);
    const changed = await guardedUpdate(manager, token, action, { status, deleted: status === "DELETED" ? 1 : 0 });
    await alongside(manager);
    await writeEvent(manager, context, id, event);
    await writeAuditRecord(tx, context, {
      event: audit,
      summary: `API token ${token.name} ${verb}`,
      object: token,
      before: { status: token.status },
      after: { status },
    });
    return changed;
  });
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

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
