import { randomInt } from "node:crypto";
import { type ApiTokenStatus, formatIdentifier } from "@hallpass/shared";
import { In } from "typeorm";
import type { AppContext } from "../context/app-context.js";
import { newIdentifier } from "../core/identifiers.js";
import { inTransaction } from "../db/transaction.js";
import {
  ApiTokenAccessEntity,
  ApiTokenEntity,
  ApiTokenEventEntity,
  ApiTokenModuleEntity,
  ApiTokenSearchEntity,
  newAccess,
  searchRow,
} from "../features/api-tokens/api-token.entity.js";
import { ApiTokenSecretEntity } from "../features/api-tokens/api-token-secret.entity.js";
import { searchKey, searchTextOf } from "../features/api-tokens/search-text.js";
import { newTokenValue, secretOf } from "../features/api-tokens/token-secret.js";
import { ModuleEntity } from "../features/modules/module.entity.js";
import { applyPlatform } from "../features/platform/apply-platform.js";

const dayMs = 86_400_000;
const rowsPerStatement = 500;
const moduleIds = ["MOD-1255", "MOD-1290", "MOD-1299", "MOD-2001", "MOD-2002", "MOD-2003"];
const purposes = ["Billing", "Catalogue", "Orders", "Reporting", "Monitoring", "Import", "Export", "Sync"];

export const seedPassword = "hallpass-seed";

export interface SeededAccount {
  accountId: string;
  /** Email address of an administrator with `seedPassword`. */
  email: string;
}

/** Adds accounts with tokens spread over statuses, dates and modules. Does not return the tokens' values. */
export async function seed(
  app: AppContext,
  { accounts, tokens }: { accounts: number; tokens: number },
): Promise<SeededAccount[]> {
  const seeded: SeededAccount[] = [];
  for (let account = 0; account < accounts; account++) {
    const { accountId, userId } = await addAccount(app);
    const ids = freshDigits(tokens);
    for (let start = 0; start < tokens; start += rowsPerStatement)
      await addTokens(app, accountId, userId, ids.slice(start, start + rowsPerStatement), start);
    seeded.push({ accountId, email: emailOf(userId) });
  }
  return seeded;
}

const emailOf = (userId: string) => `${userId.toLowerCase()}@seed.example`;

async function addAccount(app: AppContext): Promise<{ accountId: string; userId: string }> {
  const accountId = newIdentifier("account");
  const userId = newIdentifier("user");
  const known = await app.dataSource.manager.findBy(ModuleEntity, { id: In(moduleIds) });
  const missing = moduleIds.filter((id) => !known.some((module) => module.id === id));
  await applyPlatform(app, {
    modules: missing.map((id) => ({ id, name: `Module ${id.slice(4)}` })),
    accounts: [{ id: accountId, name: `Seeded ${accountId}`, type: "CLIENT", modules: moduleIds }],
    users: [
      {
        id: userId,
        name: "Seeded Administrator",
        email: emailOf(userId),
        password: seedPassword,
        roles: { [accountId]: "ADMIN" },
      },
    ],
  });
  return { accountId, userId };
}

/** Digits of IDs in steps through the whole range, from a random start: unique, and not in order of age. */
function freshDigits(count: number): string[] {
  const range = 10 ** 8;
  const start = randomInt(range);
  // 61,803,399 and 10^8 have no common factor, so the steps reach each number once.
  return Array.from({ length: count }, (_, index) => String((start + index * 61_803_399) % range).padStart(8, "0"));
}

async function addTokens(app: AppContext, accountId: string, createdById: string, digits: string[], offset: number) {
  const tokens = digits.map((each, index) => newRow(accountId, createdById, each, offset + index));
  await inTransaction(app.dataSource, async ({ manager }) => {
    await manager.insert(ApiTokenEntity, tokens);
    await manager.insert(
      ApiTokenAccessEntity,
      tokens.map((token, index) => newAccess(token, lastAccessOf(token, offset + index))),
    );
    await manager.insert(ApiTokenSearchEntity, tokens.map(searchRow));
    await manager.insert(
      ApiTokenModuleEntity,
      tokens.flatMap(({ id, moduleCount }) =>
        moduleIds.slice(0, moduleCount).map((moduleId) => ({ tokenId: id, moduleId })),
      ),
    );
    await manager.insert(ApiTokenEventEntity, tokens.flatMap(eventsOf));
    await manager.insert(
      ApiTokenSecretEntity,
      tokens.filter(({ deleted }) => !deleted).map((token) => secretOf(app.keyring, token, newTokenValue(token.id))),
    );
  });
}

function newRow(accountId: string, createdById: string, digits: string, index: number): ApiTokenEntity {
  const id = formatIdentifier("token", digits);
  const name = `${purposes[index % purposes.length]} robot ${index + 1}`;
  const description = index % 3 ? null : `Number ${index + 1} of the measured tokens`;
  const status: ApiTokenStatus = index % 20 === 19 ? "DELETED" : index % 5 === 4 ? "DISABLED" : "ACTIVE";
  const createdAt = new Date(Date.now() - randomInt(900) * dayMs - randomInt(dayMs));
  return Object.assign(new ApiTokenEntity(), {
    id,
    accountId,
    name,
    nameKey: searchKey(name),
    description,
    searchText: searchTextOf({ id, name, description }),
    status,
    deleted: status === "DELETED" ? 1 : 0,
    moduleCount: 1 + (index % moduleIds.length),
    createdAt,
    createdById,
    createdByName: "Seeded Administrator",
    createdByKey: "seeded administrator",
    expiresAt: index % 10 ? null : new Date(Date.now() + randomInt(1, 365) * dayMs),
    version: 1,
    logoHash: null,
  });
}

const lastAccessOf = (token: ApiTokenEntity, index: number): Date | null =>
  index % 4 === 0 ? null : sinceCreation(token);

function sinceCreation({ createdAt }: ApiTokenEntity): Date {
  return new Date(createdAt.getTime() + randomInt(Math.max(1, Date.now() - createdAt.getTime())));
}

function eventsOf(token: ApiTokenEntity) {
  const { id: tokenId, createdById: byId, createdByName: byName } = token;
  const created = { tokenId, kind: "CREATED" as const, at: token.createdAt, byId, byName };
  if (token.status !== "DISABLED") return [created];
  return [created, { ...created, kind: "DISABLED" as const, at: sinceCreation(token) }];
}
