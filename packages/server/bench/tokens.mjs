// Adds many tokens with known values to one account.

import { randomInt } from "node:crypto";
import { createAppContext } from "../dist/app/create-app-context.js";
import { systemContext } from "../dist/commands/with-app.js";
import { newIdentifier } from "../dist/core/identifiers.js";
import { inTransaction } from "../dist/db/transaction.js";
import {
  ApiTokenAccessEntity,
  ApiTokenEntity,
  ApiTokenModuleEntity,
  ApiTokenSearchEntity,
  newAccess,
  searchRow,
} from "../dist/features/api-tokens/api-token.entity.js";
import { ApiTokenSecretEntity } from "../dist/features/api-tokens/api-token-secret.entity.js";
import { createApiToken } from "../dist/features/api-tokens/changes/create-api-token.js";
import { searchTextOf } from "../dist/features/api-tokens/search-text.js";
import { newTokenValue, secretOf } from "../dist/features/api-tokens/token-secret.js";
import { applyPlatform } from "../dist/features/platform/apply-platform.js";
import { readConfig } from "../dist/infra/config.js";
import { createLogger } from "../dist/infra/logger.js";

export const accountId = "ACC-7000-0001";
const checkedModules = ["MOD-1255", "MOD-1310"];
export const adminModules = [...checkedModules, "MOD-1290", "MOD-1299"];
const rowsPerStatement = 500;

/**
 * Returns values of existing and of unknown tokens, and a token that may do everything, with IDs of tokens it can
 * change that are never checked.
 * @param {NodeJS.ProcessEnv} env
 * @param {number} count
 */
export async function addTokens(env, count) {
  const app = await createAppContext(readConfig(env), createLogger("error"));
  await applyPlatform(app, {
    modules: adminModules.map((id) => ({ id, name: id })),
    accounts: [{ id: accountId, name: "Measured", type: "OPERATIONS", modules: adminModules }],
    users: [],
  });
  const context = await systemContext(app, accountId);
  const admin = await createApiToken(context, { name: "Changes others", moduleIds: adminModules });
  const changed = [];
  for (let index = 0; index < 20; index++)
    changed.push(await createApiToken(context, { name: "Changed", moduleIds: checkedModules }));
  const values = await insertTokens(app, count);
  await app.close();
  return {
    values,
    unknown: Array.from({ length: count }, () => newTokenValue(newIdentifier("token"))),
    admin: { value: admin.value, tokenIds: changed.map(({ token }) => token.id) },
  };
}

/** By the rows alone: a hundred thousand creations with their audit records would take minutes. */
async function insertTokens(app, count) {
  const values = [];
  // 61,803,399 and 10^8 have no common factor, so the steps reach each number once.
  const start = randomInt(10 ** 8);
  for (let first = 0; first < count; first += rowsPerStatement) {
    const tokens = Array.from({ length: Math.min(rowsPerStatement, count - first) }, (_, index) =>
      newToken(String((start + (first + index) * 61_803_399) % 10 ** 8).padStart(8, "0"), first + index),
    );
    const secrets = tokens.map((token) => {
      const value = newTokenValue(token.id);
      values.push(value);
      return { ...secretOf(app.keyring, token, value), validUntil: null, lastUsedAt: null };
    });
    await inTransaction(app.dataSource, async ({ manager }) => {
      await manager.insert(ApiTokenEntity, tokens);
      await manager.insert(
        ApiTokenAccessEntity,
        tokens.map((token) => newAccess(token)),
      );
      await manager.insert(ApiTokenSearchEntity, tokens.map(searchRow));
      await manager.insert(
        ApiTokenModuleEntity,
        tokens.flatMap(({ id }) => checkedModules.map((moduleId) => ({ tokenId: id, moduleId }))),
      );
      await manager.insert(ApiTokenSecretEntity, secrets);
    });
  }
  return values;
}

function newToken(digits, index) {
  const id = `TKN-${digits.slice(0, 4)}-${digits.slice(4)}`;
  const name = `Checked ${index}`;
  return Object.assign(new ApiTokenEntity(), {
    id,
    accountId,
    name,
    nameKey: name.toLowerCase(),
    description: null,
    searchText: searchTextOf({ id, name, description: null }),
    status: "ACTIVE",
    deleted: 0,
    moduleCount: checkedModules.length,
    createdAt: new Date(),
    createdById: null,
    createdByName: null,
    createdByKey: null,
    expiresAt: null,
    version: 1,
    logoHash: null,
  });
}
