import type { EntityManager } from "typeorm";
import { ApiTokenModuleEntity } from "../api-token.entity.js";

/** Sorted. */
export async function moduleIdsOf(manager: EntityManager, tokenId: string): Promise<string[]> {
  return (await manager.findBy(ApiTokenModuleEntity, { tokenId })).map(({ moduleId }) => moduleId).sort();
}

export async function replaceModules(manager: EntityManager, tokenId: string, moduleIds: string[]): Promise<void> {
  await manager.delete(ApiTokenModuleEntity, { tokenId });
  await manager.insert(
    ApiTokenModuleEntity,
    moduleIds.map((moduleId) => ({ tokenId, moduleId })),
  );
}
