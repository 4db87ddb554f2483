import { type EntityManager, In } from "typeorm";
import { ApiTokenEntity, ApiTokenEventEntity, ApiTokenModuleEntity } from "../api-tokens/api-token.entity.js";
import type { PlatformChange } from "./platform-change.js";

const tokensPerStatement = 500;

/**
 * Removes modules from the account's tokens, so that returning one to the account does not return it to a token:
 * someone must grant it again. Deleted tokens keep theirs, as history. Returns how many tokens lost each module.
 */
export async function takeModulesFromTokens(
  { app, manager, journal }: PlatformChange,
  accountId: string,
  moduleIds: string[],
): Promise<Map<string, number>> {
  const lost = new Map<string, number>();
  const tokens = await tokensWith(manager, accountId, moduleIds);
  for (let start = 0; start < tokens.length; start += tokensPerStatement) {
    const part = tokens.slice(start, start + tokensPerStatement);
    await take(
      manager,
      part.map(({ id }) => id),
      moduleIds,
    );
    await manager.upsert(
      ApiTokenEventEntity,
      part.map(({ id }) => ({ tokenId: id, kind: "UPDATED" as const, at: app.now(), byId: null, byName: null })),
      ["tokenId", "kind"],
    );
  }
  for (const { id, name, moduleIds: before } of tokens) {
    const after = before.filter((moduleId) => !moduleIds.includes(moduleId));
    for (const moduleId of before) if (moduleIds.includes(moduleId)) lost.set(moduleId, (lost.get(moduleId) ?? 0) + 1);
    journal.recordWithin(accountId, {
      event: "api_token.updated",
      summary: `Modules of the account removed from API token ${name}`,
      object: { id, name },
      before: { moduleIds: before },
      after: { moduleIds: after },
    });
  }
  return lost;
}

/** Removes a module from every token that still has it, i.e. from deleted ones. */
export async function forgetModule(manager: EntityManager, moduleId: string): Promise<void> {
  const granted = await manager.find(ApiTokenModuleEntity, { where: { moduleId }, order: { tokenId: "ASC" } });
  for (let start = 0; start < granted.length; start += tokensPerStatement)
    await take(
      manager,
      granted.slice(start, start + tokensPerStatement).map(({ tokenId }) => tokenId),
      [moduleId],
    );
}

/** Accounts with tokens, except deleted ones, that have the module, whether or not the account itself still has it. */
export async function accountsWithTokensOf(manager: EntityManager, moduleId: string): Promise<string[]> {
  const rows = await manager
    .createQueryBuilder(ApiTokenModuleEntity, "granted")
    .innerJoin(ApiTokenEntity, "token", "token.id = granted.tokenId")
    .select("DISTINCT token.accountId", "accountId")
    .where("granted.moduleId = :moduleId AND token.deleted = 0", { moduleId })
    .getRawMany<{ accountId: string }>();
  return rows.map(({ accountId }) => accountId);
}

interface TokenWithModules {
  id: string;
  name: string;
  /** Sorted. */
  moduleIds: string[];
}

/** The account's tokens that have any of the modules, each with all of its modules. Excludes deleted tokens. */
async function tokensWith(manager: EntityManager, accountId: string, moduleIds: string[]): Promise<TokenWithModules[]> {
  const rows = await manager
    .createQueryBuilder(ApiTokenEntity, "token")
    .innerJoin(ApiTokenModuleEntity, "granted", "granted.tokenId = token.id")
    .select("token.id", "id")
    .addSelect("token.name", "name")
    .addSelect("granted.moduleId", "moduleId")
    .where("token.accountId = :accountId AND token.deleted = 0", { accountId })
    .andWhere(
      "token.id IN (SELECT taken.token_id FROM api_token_module taken WHERE taken.module_id IN (:...moduleIds))",
      { moduleIds },
    )
    .orderBy("token.id")
    .addOrderBy("granted.moduleId")
    .getRawMany<{ id: string; name: string; moduleId: string }>();
  const tokens = new Map<string, TokenWithModules>();
  for (const { id, name, moduleId } of rows) {
    const token = tokens.get(id) ?? { id, name, moduleIds: [] };
    token.moduleIds.push(moduleId);
    tokens.set(id, token);
  }
  return [...tokens.values()];
}

async function take(manager: EntityManager, tokenIds: string[], moduleIds: string[]): Promise<void> {
  await manager.delete(ApiTokenModuleEntity, { tokenId: In(tokenIds), moduleId: In(moduleIds) });
  await manager
    .createQueryBuilder()
    .update(ApiTokenEntity)
    .set({
      moduleCount: () => "(SELECT COUNT(*) FROM api_token_module granted WHERE granted.token_id = api_token.id)",
      version: () => "version + 1",
    })
    .where({ id: In(tokenIds) })
    .execute();
}
