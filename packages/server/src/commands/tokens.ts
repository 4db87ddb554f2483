import { maskTokenValue, parseIdentifier } from "@hallpass/shared";
import { IsNull, Not } from "typeorm";
import type { AppContext } from "../context/app-context.js";
import type { CallContext } from "../context/request-context.js";
import { userInputError } from "../core/errors.js";
import { AccountEntity } from "../features/accounts/account.entity.js";
import { ApiTokenAccessEntity, ApiTokenEntity } from "../features/api-tokens/api-token.entity.js";
import { rateLimitOf } from "../features/api-tokens/api-token.types.js";
import { deleteApiToken, disableApiToken, enableApiToken } from "../features/api-tokens/changes/change-status.js";
import { type CreatedApiToken, createApiToken } from "../features/api-tokens/changes/create-api-token.js";
import { rotateApiToken } from "../features/api-tokens/changes/rotate-api-token.js";
import { moduleIdsOf } from "../features/api-tokens/changes/token-modules.js";
import { listApiTokens } from "../features/api-tokens/list-api-tokens.js";
import { type OutputOptions, printRows } from "./print.js";
import { systemContext } from "./with-app.js";

interface CreateOptions extends OutputOptions {
  account: string;
  name: string;
  module: string[];
  description?: string;
  expires?: Date;
  ipRange?: string[];
}

export async function createToken(app: AppContext, options: CreateOptions): Promise<void> {
  const context = await systemContext(app, options.account);
  if (await app.dataSource.manager.existsBy(AccountEntity, { id: options.account, closedAt: Not(IsNull()) }))
    throw userInputError("NOT_FOUND", `The account ${options.account} is closed.`, "account");
  const { name, module: moduleIds, description = null, expires: expiresAt = null, ipRange: ipRanges = null } = options;
  printValue(await createApiToken(context, { name, moduleIds, description, expiresAt, ipRanges }), options);
}

/** Gives the token a new value. The current one stays valid for so many seconds. */
export async function rotateToken(
  app: AppContext,
  id: string,
  options: OutputOptions & { overlap: number },
): Promise<void> {
  const { accountId } = await tokenById(app, id);
  const context = await systemContext(app, accountId);
  printValue(await rotateApiToken(context, { id, overlapSeconds: options.overlap, version: null }), options);
}

function printValue({ token: { id, name }, value }: CreatedApiToken, { json }: OutputOptions): void {
  if (json) console.log(JSON.stringify({ id, name, value }));
  else console.log(`${id} ${name}\n${value}`);
}

const changes = {
  enable: enableApiToken,
  disable: async (context: CallContext, id: string) => (await disableApiToken(context, id)).token,
  delete: async (context: CallContext, id: string) => (await deleteApiToken(context, id)).token,
};

export async function changeTokenStatus(
  app: AppContext,
  action: keyof typeof changes,
  id: string,
  { json }: OutputOptions,
): Promise<void> {
  const { accountId } = await tokenById(app, id);
  const { status } = await changes[action](await systemContext(app, accountId), id);
  console.log(json ? JSON.stringify({ id, status }) : `${id} is ${status.toLowerCase()}.`);
}

const pageSize = 100;

/** An account's tokens that are not deleted, newest first. */
export async function listTokens(app: AppContext, options: OutputOptions & { account: string }): Promise<void> {
  const context = await systemContext(app, options.account);
  async function* rows() {
    for (let after: string | null = null; ; ) {
      const page = await listApiTokens(context, { first: pageSize, after, orderBy: [], filter: null });
      for (const { node } of page.edges) {
        const { id, name, status, createdAt, expiresAt } = node;
        yield { id, status, createdAt, expiresAt, name };
      }
      if (!page.pageInfo.hasNextPage) return;
      after = page.pageInfo.endCursor;
    }
  }
  await printRows(rows(), options);
}

/** Everything about a token but its value. */
export async function showToken(app: AppContext, id: string, options: OutputOptions): Promise<void> {
  const { manager } = app.dataSource;
  const token = await tokenById(app, id);
  const access = await manager.findOneBy(ApiTokenAccessEntity, { tokenId: id });
  const shown = {
    id,
    name: token.name,
    description: token.description,
    status: token.status,
    account: token.accountId,
    value: maskTokenValue(id),
    modules: await moduleIdsOf(manager, id),
    ipRanges: token.ipRanges ?? [],
    rateLimit: rateLimitOf(token),
    createdAt: token.createdAt,
    createdBy: token.createdById,
    expiresAt: token.expiresAt,
    lastAccessAt: access?.lastAccessAt ?? null,
    version: token.version,
  };
  if (options.json) return console.log(JSON.stringify(shown));
  for (const [name, value] of Object.entries(shown)) console.log(`${name.padEnd(13)} ${inWords(value)}`);
}

function inWords(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return "-";
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.join(" ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

async function tokenById(app: AppContext, id: string): Promise<ApiTokenEntity> {
  const token = parseIdentifier(id) && (await app.dataSource.manager.findOneBy(ApiTokenEntity, { id }));
  if (!token) throw userInputError("NOT_FOUND", `API token ${id} not found.`, "id");
  return token;
}
