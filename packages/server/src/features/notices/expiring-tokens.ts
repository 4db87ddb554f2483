import { Between, type EntityManager, In } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import { type AccountSummary, systemCaller } from "../../core/caller-types.js";
import { inTransaction } from "../../db/transaction.js";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";
import { lockAuditHead, writeAuditRecords } from "../audit/write-audit-record.js";
import { type NoticeKind, TokenNoticeEntity } from "./token-notice.entity.js";

const dayMs = 86_400_000;
const tokensPerStep = 200;
/** Days before the expiry, latest first. */
const thresholds = [1, 7, 30] as const;

interface Notice {
  tokenId: string;
  kind: NoticeKind;
  about: Date;
  days: number;
}

/** Records tokens that expire within 30, 7 and 1 days, each once. */
export async function noticeExpiries(app: AppContext, account: AccountSummary): Promise<void> {
  const now = app.now();
  for (let skip = 0; ; skip += tokensPerStep) {
    const tokens = await app.dataSource.manager.find(ApiTokenEntity, {
      where: { accountId: account.id, deleted: 0, expiresAt: Between(now, new Date(now.getTime() + 30 * dayMs)) },
      order: { expiresAt: "ASC", id: "ASC" },
      skip,
      take: tokensPerStep,
    });
    const wanted = tokens.map((token) => noticeOf(token, now)).filter((notice) => notice !== null);
    const due = await notGiven(app.dataSource.manager, wanted);
    if (due.length > 0) await give(app, account, due);
    if (tokens.length < tokensPerStep) return;
  }
}

/** Null if none is due, e.g. for a token that was created with so short a lifetime. */
function noticeOf({ id, status, createdAt, expiresAt }: ApiTokenEntity, now: Date): Notice | null {
  if (status !== "ACTIVE" || !expiresAt) return null;
  const left = expiresAt.getTime() - now.getTime();
  const days = thresholds.find((each) => left <= each * dayMs);
  const lifetime = expiresAt.getTime() - createdAt.getTime();
  if (days === undefined || lifetime < 1.5 * days * dayMs) return null;
  return { tokenId: id, kind: `EXPIRY_${days}`, about: expiresAt, days };
}

async function notGiven(manager: EntityManager, notices: Notice[]): Promise<Notice[]> {
  if (notices.length === 0) return [];
  const given = await manager.findBy(TokenNoticeEntity, {
    tokenId: In(notices.map((each) => each.tokenId)),
  });
  const isGiven = ({ tokenId, kind, about }: Notice) =>
    given.some((each) => each.tokenId === tokenId && each.kind === kind && each.about.getTime() === about.getTime());
  return notices.filter((notice) => !isGiven(notice));
}

function give(app: AppContext, account: AccountSummary, notices: Notice[]): Promise<void> {
  return inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    await lockAuditHead(manager, account.id);
    // Again, as a token may have been changed, or another process may have been faster.
    const tokens = await manager.findBy(ApiTokenEntity, { id: In(notices.map((each) => each.tokenId)) });
    const byId = new Map(tokens.map((token) => [token.id, token]));
    const isStill = ({ tokenId, about }: Notice) => {
      const token = byId.get(tokenId);
      return token?.status === "ACTIVE" && token.expiresAt?.getTime() === about.getTime();
    };
    const due = (await notGiven(manager, notices)).filter(isStill);
    if (due.length === 0) return;
    const rows = due.map(({ tokenId, kind, about }) => ({ tokenId, kind, about, at: app.now(), emailedAt: null }));
    await manager.upsert(TokenNoticeEntity, rows, ["tokenId", "kind"]);
    const context = { app, caller: systemCaller(account), origin: { ip: null, userAgent: null, requestId: null } };
    await writeAuditRecords(
      tx,
      context,
      due.map(({ tokenId, about, days }) => {
        const { id, name } = byId.get(tokenId) as ApiTokenEntity;
        return {
          event: "api_token.expiring",
          summary: `API token ${name} expires within ${days === 1 ? "a day" : `${days} days`}`,
          object: { id, name },
          after: { expiresAt: about, days },
        };
      }),
    );
  });
}
