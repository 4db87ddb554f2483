// Adds many tokens with known values to one account.

import { createAppContext } from "../dist/app/create-app-context.js";
import { systemContext } from "../dist/commands/with-app.js";
import { newIdentifier } from "../dist/core/identifiers.js";
import { createApiToken } from "../dist/features/api-tokens/changes/create-api-token.js";
import { newTokenValue } from "../dist/features/api-tokens/token-secret.js";
import { applyPlatform } from "../dist/features/platform/apply-platform.js";
import { readConfig } from "../dist/infra/config.js";
import { createLogger } from "../dist/infra/logger.js";

const accountId = "ACC-7000-0001";
const modules = ["MOD-1255", "MOD-1310"];
const together = 20;

/**
 * Returns values of existing and of unknown tokens, and a token with the IDs of tokens it can change. Those are never
 * checked.
 * @param {NodeJS.ProcessEnv} env
 * @param {number} count
 */
export async function addTokens(env, count) {
  const app = await createAppContext(readConfig(env), createLogger("error"));
  await applyPlatform(app, {
    modules: modules.map((id) => ({ id, name: id })),
    accounts: [{ id: accountId, name: "Measured", type: "CLIENT", modules }],
    users: [],
  });
  const context = await systemContext(app, accountId);
  const add = async (name) => await createApiToken(context, { name, moduleIds: modules });
  const admin = await add("Changes others");
  const changed = await addMany(20, () => add("Changed"));
  const values = (await addMany(count, () => add("Checked"))).map(({ value }) => value);
  await app.close();
  return {
    values,
    unknown: Array.from({ length: count }, () => newTokenValue(newIdentifier("token"))),
    admin: { value: admin.value, tokenIds: changed.map(({ token }) => token.id) },
  };
}

async function addMany(count, addOne) {
  const added = [];
  while (added.length < count)
    added.push(...(await Promise.all(Array.from({ length: Math.min(together, count - added.length) }, addOne))));
  return added;
}
