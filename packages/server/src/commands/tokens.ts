import { parseIdentifier } from "@hallpass/shared";
import { IsNull, Not } from "typeorm";
import type { AppContext } from "../context/app-context.js";
import type { CallContext } from "../context/request-context.js";
import { userInputError } from "../core/errors.js";
import { AccountEntity } from "../features/accounts/account.entity.js";
import { ApiTokenEntity } from "../features/api-tokens/api-token.entity.js";
import { deleteApiToken, disableApiToken, enableApiToken } from "../features/api-tokens/changes/change-status.js";
import { createApiToken } from "../features/api-tokens/changes/create-api-token.js";
import { systemContext } from "./with-app.js";

export async function createToken(
  app: AppContext,
  options: { account: string; name: string; module: string[]; json?: boolean },
): Promise<void> {
  const context = await systemContext(app, options.account);
  if (await app.dataSource.manager.existsBy(AccountEntity, { id: options.account, closedAt: Not(IsNull()) }))
    throw userInputError("NOT_FOUND", `The account ${options.account} is closed.`, "account");
  const { token, value } = await createApiToken(context, { name: options.name, moduleIds: options.module });
  if (options.json) console.log(JSON.stringify({ id: token.id, name: token.name, value }));
  else console.log(`${token.id} ${token.name}\n${value}`);
}

const changes = {
  enable: enableApiToken,
  disable: async (context: CallContext, id: string) => (await disableApiToken(context, id)).token,
  delete: async (context: CallContext, id: string) => (await deleteApiToken(context, id)).token,
};

export async function changeTokenStatus(app: AppContext, action: keyof typeof changes, id: string): Promise<void> {
  const token = parseIdentifier(id) && (await app.dataSource.manager.findOneBy(ApiTokenEntity, { id }));
  if (!token) throw userInputError("NOT_FOUND", `API token ${id} not found.`, "id");
  const { status } = await changes[action](await systemContext(app, token.accountId), id);
  console.log(`${id} is ${status.toLowerCase()}.`);
}
