import { ModuleEntity } from "../modules/module.entity.js";
import { changeAccountModules } from "./apply-accounts.js";
import { differenceOf } from "./difference.js";
import type { PlatformChange } from "./platform-change.js";
import type { Platform } from "./platform-file.js";
import { accountsWithTokensOf, forgetModule, takeModulesFromTokens } from "./take-modules.js";

export async function applyModule(
  { manager, state, journal }: PlatformChange,
  { id, name, description = null }: Platform["modules"][number],
): Promise<void> {
  const existing = state.modules.get(id);
  const wanted = Object.assign(new ModuleEntity(), { id, name, description });
  const difference = differenceOf(existing ?? null, { name, description });
  if (!difference) return;
  if (existing) await manager.update(ModuleEntity, { id }, { name, description });
  else await manager.insert(ModuleEntity, wanted);
  state.modules.set(id, wanted);
  journal.say(`module ${id} ${existing ? "changed" : "added"}: ${name}`);
  journal.record(accountsWith(state, id), {
    event: existing ? "module.updated" : "module.created",
    summary: `Module ${name} ${existing ? "changed" : "added"}`,
    object: wanted,
    ...difference,
  });
}

/** Removes it from accounts and tokens first, including those of closed accounts. */
export async function removeModule(change: PlatformChange, id: string): Promise<void> {
  const { manager, state, journal } = change;
  const module = state.modules.get(id);
  if (!module) return;
  const accountIds = accountsWith(state, id);
  for (const accountId of accountIds)
    await changeAccountModules(
      change,
      accountId,
      (state.modulesOf.get(accountId) ?? []).filter((each) => each !== id),
    );
  for (const accountId of await accountsWithTokensOf(manager, id)) await takeModulesFromTokens(change, accountId, [id]);
  await forgetModule(manager, id);
  await manager.delete(ModuleEntity, { id });
  state.modules.delete(id);
  journal.say(`module ${id} removed: ${module.name}`);
  journal.record(accountIds, {
    event: "module.removed",
    summary: `Module ${module.name} removed`,
    object: module,
    before: { name: module.name, description: module.description },
  });
}

function accountsWith({ modulesOf }: PlatformChange["state"], moduleId: string): string[] {
  return [...modulesOf].filter(([, moduleIds]) => moduleIds.includes(moduleId)).map(([accountId]) => accountId);
}
