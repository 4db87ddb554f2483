import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { can, createSavedViewInput, limits, updateSavedViewInput } from "@hallpass/shared";
import { type EntityManager, IsNull, Not } from "typeorm";
import type { z } from "zod";
import type { PersonContext } from "../../context/request-context.js";
import type { PersonCaller } from "../../core/caller-types.js";
import { checkedInput } from "../../core/checked-input.js";
import { userInputError } from "../../core/errors.js";
import { inAuthorizedTransaction } from "../callers/authorized-transaction.js";
import { DefaultViewEntity, SavedViewEntity } from "./saved-view.entity.js";
import type { CreateSavedViewInput, SavedViewType, UpdateSavedViewInput } from "./saved-view.types.js";

// Views hold no access and reveal nothing, so changes to them are not recorded in the audit trail.

/** The person's own views and the account's shared ones, by name. */
export async function savedViewsOf(
  manager: EntityManager,
  { id: userId, account }: Pick<PersonCaller, "id" | "account">,
): Promise<SavedViewType[]> {
  const rows = await manager
    .createQueryBuilder(SavedViewEntity, "view")
    .leftJoin(DefaultViewEntity, "chosen", "chosen.viewId = view.id AND chosen.userId = :userId", { userId })
    .addSelect("chosen.viewId", "chosen_id")
    .where("view.accountId = :accountId AND (view.ownerId = :userId OR view.ownerId IS NULL)", {
      accountId: account.id,
    })
    .orderBy("view.name")
    .addOrderBy("view.id")
    .getRawAndEntities<{ chosen_id: string | null }>();
  return rows.entities.map((view, index) => toSavedView(view, rows.raw[index]?.chosen_id === view.id));
}

export async function createSavedView(context: PersonContext, rawInput: CreateSavedViewInput): Promise<SavedViewType> {
  const { shared, ...input } = checkedInput(createSavedViewInput, rawInput);
  return inAuthorizedTransaction(context, "savedView:write", async ({ manager }, { caller }) => {
    if (shared) checkMayShare(caller);
    const view = Object.assign(new SavedViewEntity(), {
      ...input,
      list: rawInput.list,
      id: randomBytes(12).toString("hex"),
      accountId: caller.account.id,
      ownerId: shared ? null : caller.id,
    });
    await checkRoom(manager, view);
    await manager.insert(SavedViewEntity, view);
    return toSavedView(view, false);
  });
}

export async function updateSavedView(context: PersonContext, rawInput: UpdateSavedViewInput): Promise<SavedViewType> {
  const { id, isDefault, ...changes } = checkedInput(updateSavedViewInput, rawInput);
  return inAuthorizedTransaction(context, "savedView:write", async ({ manager }, { caller }) => {
    const view = await findView(manager, caller, id);
    const changed = await change(manager, caller, view, changes);
    const key = { userId: caller.id, accountId: caller.account.id, list: view.list };
    if (typeof isDefault === "boolean") await setDefault(manager, key, id, isDefault);
    return toSavedView(changed, await manager.existsBy(DefaultViewEntity, { ...key, viewId: id }));
  });
}

type Changes = Omit<z.output<typeof updateSavedViewInput>, "id" | "isDefault">;

async function change(manager: EntityManager, caller: PersonCaller, view: SavedViewEntity, changes: Changes) {
  const changed = Object.assign(new SavedViewEntity(), {
    ...view,
    name: changes.name ?? view.name,
    query: changes.query ?? view.query,
    ownerId: typeof changes.shared === "boolean" ? (changes.shared ? null : caller.id) : view.ownerId,
  });
  if (!isDeepStrictEqual(changed, view)) {
    if (view.ownerId === null || changed.ownerId === null) checkMayShare(caller);
    await checkRoom(manager, changed);
    await manager.save(changed);
  }
  if (view.ownerId === null && changed.ownerId !== null) await forgetDefaultsOfOthers(manager, view, caller);
  return changed;
}

function forgetDefaultsOfOthers(manager: EntityManager, { id: viewId }: SavedViewEntity, { id }: PersonCaller) {
  return manager.delete(DefaultViewEntity, { viewId, userId: Not(id) });
}

export function deleteSavedView(context: PersonContext, id: string): Promise<string> {
  return inAuthorizedTransaction(context, "savedView:write", async ({ manager }, { caller }) => {
    const view = await findView(manager, caller, id);
    if (view.ownerId === null) checkMayShare(caller);
    await manager.delete(SavedViewEntity, { id });
    return id;
  });
}

function toSavedView({ id, list, name, query, ownerId }: SavedViewEntity, isDefault: boolean): SavedViewType {
  return { id, list, name, query, shared: ownerId === null, isDefault };
}

/** Throws NOT_FOUND for another person's view as for one that does not exist. */
async function findView(manager: EntityManager, { id: userId, account }: PersonCaller, id: string) {
  const view = await manager.findOne(SavedViewEntity, {
    where: [
      { id, accountId: account.id, ownerId: userId },
      { id, accountId: account.id, ownerId: IsNull() },
    ],
  });
  if (!view) throw userInputError("NOT_FOUND", "View not found.", "id");
  return view;
}

function checkMayShare({ id, role }: PersonCaller): void {
  if (!can({ kind: "person", id, role }, "savedView:share"))
    throw userInputError("INVALID", "Only administrators can share views or change shared ones.", "shared");
}

/** Throws if the view's owner, or the account for a shared one, has too many or one of the same name. */
async function checkRoom(manager: EntityManager, { id, accountId, ownerId, list, name }: SavedViewEntity) {
  const views = await manager.findBy(SavedViewEntity, { accountId, ownerId: ownerId ?? IsNull() });
  const others = views.filter((view) => view.id !== id);
  if (others.some((view) => view.list === list && view.name.toLowerCase() === name.toLowerCase()))
    throw userInputError("INVALID", "A view with this name already exists.", "name");
  if (others.length >= limits.savedViews)
    throw userInputError("LIMIT_REACHED", `There can be up to ${limits.savedViews} views. Delete one first.`);
}

type DefaultKey = Pick<DefaultViewEntity, "userId" | "accountId" | "list">;

async function setDefault(manager: EntityManager, key: DefaultKey, viewId: string, isDefault: boolean): Promise<void> {
  await manager.delete(DefaultViewEntity, isDefault ? key : { ...key, viewId });
  if (isDefault) await manager.insert(DefaultViewEntity, { ...key, viewId });
}
