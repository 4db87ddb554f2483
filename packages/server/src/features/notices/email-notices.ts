import { In, IsNull, MoreThan } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { AccountSummary } from "../../core/caller-types.js";
import { inTransaction } from "../../db/transaction.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";
import { lockAuditHead } from "../audit/write-audit-record.js";
import { EmailEntity } from "../emails/email.entity.js";
import { dayInWords, type TokenLine, writeEmails } from "../emails/write-email.js";
import { TokenNoticeEntity } from "./token-notice.entity.js";
import { graceDays } from "./unused-tokens.js";

const dayMs = 86_400_000;
/** Notices from before, e.g. from when no SMTP server was configured, are no news. */
const newsMs = 7 * dayMs;

/** Puts each account's new notices into one email for each recipient, once a day at most. */
export async function emailNotices(app: AppContext, isStopped: () => boolean): Promise<void> {
  if (!app.config.smtp) return;
  const accounts = await app.dataSource.manager
    .createQueryBuilder(AccountEntity, "account")
    .distinct()
    .innerJoin(ApiTokenEntity, "token", "token.accountId = account.id")
    .innerJoin(TokenNoticeEntity, "notice", "notice.tokenId = token.id")
    .where({ closedAt: IsNull() })
    .andWhere("notice.emailedAt IS NULL AND notice.at > :since", { since: ago(app, newsMs) })
    .getMany();
  for (const account of accounts) {
    if (isStopped()) return;
    await emailAccount(app, account);
  }
}

async function emailAccount(app: AppContext, account: AccountSummary): Promise<void> {
  const accountId = account.id;
  await inTransaction(app.dataSource, async ({ manager }) => {
    await lockAuditHead(manager, accountId);
    const lastDay = MoreThan(ago(app, dayMs));
    if (await manager.existsBy(EmailEntity, { accountId, kind: "NOTICE", createdAt: lastDay })) return;
    const notices = await manager
      .createQueryBuilder(TokenNoticeEntity, "notice")
      .innerJoin(ApiTokenEntity, "token", "token.id = notice.tokenId AND token.accountId = :accountId", { accountId })
      .where({ emailedAt: IsNull(), at: MoreThan(ago(app, newsMs)) })
      .getMany();
    if (notices.length === 0) return;
    const ids = [...new Set(notices.map(({ tokenId }) => tokenId))];
    const tokens = await manager.findBy(ApiTokenEntity, { id: In(ids), status: "ACTIVE" });
    const lines = tokens
      .map((token) => lineOf(token, notices))
      .filter((line) => line !== null)
      .sort((a, b) => a.token.name.localeCompare(b.token.name));
    await writeEmails(manager, app, account, {
      kind: "NOTICE",
      subject: (count) =>
        `${count === 1 ? "An API token" : `${count} API tokens`} of ${account.name} will soon stop working`,
      lines,
    });
    await manager.update(TokenNoticeEntity, { tokenId: In(ids), emailedAt: IsNull() }, { emailedAt: app.now() });
  });
}

const ago = (app: AppContext, ms: number): Date => new Date(app.now().getTime() - ms);

/** Null if it is no longer so. */
function lineOf(token: ApiTokenEntity, notices: TokenNoticeEntity[]): TokenLine | null {
  const own = notices.filter(({ tokenId }) => tokenId === token.id);
  const { expiresAt } = token;
  if (expiresAt && own.some(({ kind, about }) => kind !== "UNUSED" && about.getTime() === expiresAt.getTime()))
    return { token, what: `expires on ${dayInWords(expiresAt)}` };
  const unused = own.find(({ kind }) => kind === "UNUSED");
  if (!unused) return null;
  const disabledAt = new Date(unused.at.getTime() + graceDays * dayMs);
  return { token, what: `is unused, and will be disabled on ${dayInWords(disabledAt)} unless it is used` };
}
