import { In, LessThan } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { CallContext } from "../../context/request-context.js";
import { type AccountSummary, systemCaller } from "../../core/caller-types.js";
import { inTransaction, type Transaction } from "../../db/transaction.js";
import { ApiTokenAccessEntity, ApiTokenEntity, ApiTokenEventEntity } from "../api-tokens/api-token.entity.js";
import { changeStatus } from "../api-tokens/changes/change-status.js";
import { transition } from "../api-tokens/changes/transition.js";
import { lockAuditHead, writeAuditRecord } from "../audit/write-audit-record.js";
import { policyOf } from "../policy/policy.js";
import { TokenNoticeEntity } from "./token-notice.entity.js";

const dayMs = 86_400_000;
/** How long after the notice an unused token is disabled. */
export const graceDays = 7;
const tokensPerStep = 200;

/**
 * Under a policy that disables unused tokens: records each token that is unused for so long, and disables it a week
 * later if it still is.
 */
export async function handleUnused(app: AppContext, account: AccountSummary): Promise<void> {
  const { manager } = app.dataSource;
  const { idleDays } = await policyOf(manager, account.id);
  if (idleDays === null) return;
  const limit = new Date(app.now().getTime() - idleDays * dayMs);
  for (let skip = 0; ; skip += tokensPerStep) {
    const tokens = await manager.find(ApiTokenEntity, {
      where: { accountId: account.id, deleted: 0, createdAt: LessThan(limit) },
      order: { createdAt: "ASC", id: "ASC" },
      skip,
      take: tokensPerStep,
    });
    const active = tokens.filter(({ status }) => status === "ACTIVE").map(({ id }) => id);
    const uses = await lastUses(app, active);
    for (const [id, use] of uses) if (use < limit) await handle(app, account, id, idleDays);
    if (tokens.length < tokensPerStep) return;
  }
}

/** When each of the tokens was last used or, if that is later, created or enabled. */
export async function lastUses(
  { usage, dataSource }: AppContext,
  ids: string[],
  manager = dataSource.manager,
): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map();
  const [tokens, accesses, enablings] = [
    await manager.findBy(ApiTokenEntity, { id: In(ids) }),
    await manager.findBy(ApiTokenAccessEntity, { tokenId: In(ids) }),
    await manager.findBy(ApiTokenEventEntity, { tokenId: In(ids), kind: "ENABLED" }),
  ];
  return new Map(
    tokens.map(({ id, createdAt }) => {
      const times = [
        createdAt,
        accesses.find(({ tokenId }) => tokenId === id)?.lastAccessAt,
        enablings.find(({ tokenId }) => tokenId === id)?.at,
      ].map((at) => at?.getTime() ?? 0);
      return [id, new Date(Math.max(...times, usage.pendingAccess(id)?.at ?? 0))];
    }),
  );
}

function handle(app: AppContext, account: AccountSummary, id: string, idleDays: number): Promise<void> {
  const origin = { ip: null, userAgent: null, requestId: null };
  const context = { app, caller: systemCaller(account), origin };
  return inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    await lockAuditHead(manager, account.id);
    const token = await manager.findOneByOrFail(ApiTokenEntity, { id });
    const use = (await lastUses(app, [id], manager)).get(id);
    const isUnused = use && use.getTime() < app.now().getTime() - idleDays * dayMs;
    if (token.status !== "ACTIVE" || !isUnused) return;
    const notice = await manager.findOneBy(TokenNoticeEntity, { tokenId: id, kind: "UNUSED" });
    if (notice?.about.getTime() !== use.getTime()) return give(tx, context, token, use, idleDays);
    if (app.now().getTime() - notice.at.getTime() < graceDays * dayMs) return;
    const disabling = await transition(tx, context, id, "DISABLE");
    await changeStatus(disabling, "DISABLE", {
      summary: `API token ${token.name} disabled because it was unused`,
      after: { status: "DISABLED", unusedSince: use },
    });
  });
}

async function give(
  tx: Transaction,
  context: CallContext,
  { id, name }: ApiTokenEntity,
  use: Date,
  idleDays: number,
): Promise<void> {
  const at = context.app.now();
  await tx.manager.upsert(TokenNoticeEntity, { tokenId: id, kind: "UNUSED", about: use, at, emailedAt: null }, [
    "tokenId",
    "kind",
  ]);
  const disabledAt = new Date(at.getTime() + graceDays * dayMs);
  await writeAuditRecord(tx, context, {
    event: "api_token.unused",
    summary: `API token ${name} is unused for ${idleDays} days, and will be disabled in ${graceDays} days`,
    object: { id, name },
    after: { unusedSince: use, disabledAt },
  });
}
