import { randomBytes } from "node:crypto";
import { Between, type EntityManager, In, IsNull, LessThan, LessThanOrEqual, MoreThan } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { AccountSummary } from "../../core/caller-types.js";
import { chunksOf, groupBy } from "../../core/collections.js";
import { inTransaction } from "../../db/transaction.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";
import { lockAuditHead } from "../audit/write-audit-record.js";
import { type NoticeKind, TokenNoticeEntity } from "../notices/token-notice.entity.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";
import { EmailEntity, type EmailKind } from "./email.entity.js";
import { leakLines, noticeLines, soonMs, type TokenLine } from "./token-lines.js";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Notices from before, e.g. from when no SMTP server was configured, are no news. */
const newsMs = 7 * dayMs;
/** More are counted only. Keeps a body below the 64 KB of a text column. */
const maxLines = 50;
const idsPerStatement = 1_000;

interface Rule {
  about: NoticeKind[];
  /** Each account's next email of this kind comes that much later, with all that happened meanwhile. */
  pauseMs: number;
  linesOf: typeof leakLines;
  /** Only with the account's name, which the platform gives: a token's name may be anyone's text. */
  subject(count: number, account: string): string;
}

const rules: Record<EmailKind, Rule> = {
  LEAK: {
    about: ["LEAK"],
    pauseMs: 10 * minuteMs,
    linesOf: leakLines,
    subject: (count, account) =>
      count === 1
        ? `An API token of ${account} was reported as leaked`
        : `${inWords(count)} API tokens of ${account} were reported as leaked`,
  },
  NOTICE: {
    about: ["EXPIRY_30", "EXPIRY_7", "EXPIRY_1", "UNUSED"],
    pauseMs: dayMs,
    linesOf: noticeLines,
    subject: (count, account) =>
      `${count === 1 ? "An API token" : `${inWords(count)} API tokens`} of ${account} will soon stop working`,
  },
};

/** Puts each account's news into one email for each recipient. Does nothing if no SMTP server is configured. */
export async function composeEmails(app: AppContext, kind: EmailKind, isStopped: () => boolean): Promise<void> {
  if (!app.config.smtp) return;
  for (const { account, tokenIds } of await newsOf(app, kind)) {
    if (isStopped()) return;
    try {
      await compose(app, kind, account, tokenIds);
    } catch (error) {
      app.logger.warn({ err: error, account: account.id }, "an account's emails were not written; they will be later");
    }
  }
}

/** The accounts that may get an email now, with the tokens that it is about. */
async function newsOf(app: AppContext, kind: EmailKind): Promise<{ account: AccountSummary; tokenIds: string[] }[]> {
  const { about, pauseMs } = rules[kind];
  const { manager } = app.dataSource;
  const rows = await manager
    .createQueryBuilder(TokenNoticeEntity, "notice")
    .innerJoin(ApiTokenEntity, "token", "token.id = notice.tokenId")
    .select("notice.tokenId", "tokenId")
    .addSelect("token.accountId", "accountId")
    .distinct()
    .where({ emailedAt: IsNull(), kind: In(about), at: MoreThan(ago(app, newsMs)) })
    .getRawMany<{ tokenId: string; accountId: string }>();
  if (rows.length === 0) return [];
  const recent = await manager.find(EmailEntity, {
    select: { id: true, accountId: true },
    where: { kind, createdAt: MoreThan(ago(app, pauseMs)) },
  });
  const waiting = new Set(recent.map(({ accountId }) => accountId));
  const tokens = groupBy(rows, ({ accountId }) => accountId);
  const news = [];
  const ready = [...tokens.keys()].filter((id) => !waiting.has(id));
  for (const ids of chunksOf(ready, idsPerStatement))
    for (const account of await manager.findBy(AccountEntity, { id: In(ids), closedAt: IsNull() }))
      news.push({ account, tokenIds: (tokens.get(account.id) ?? []).map(({ tokenId }) => tokenId) });
  return news;
}

async function compose(app: AppContext, kind: EmailKind, account: AccountSummary, tokenIds: string[]): Promise<void> {
  const { about, pauseMs, linesOf } = rules[kind];
  const now = app.now();
  const soon = kind === "NOTICE" ? await expiringSoon(app, account) : [];
  const lines: TokenLine[] = [];
  for (const ids of chunksOf(new Set([...tokenIds, ...soon]), idsPerStatement))
    lines.push(...(await linesOf(app, account, ids)));
  const emails = await emailsOf(app, kind, account, lines);
  await inTransaction(app.dataSource, async ({ manager }) => {
    await lockAuditHead(manager, account.id);
    const recent = { accountId: account.id, kind, createdAt: MoreThan(ago(app, pauseMs)) };
    if (await manager.existsBy(EmailEntity, recent)) return;
    for (const email of emails) await manager.insert(EmailEntity, email);
    for (const ids of chunksOf(tokenIds, idsPerStatement)) {
      const told = { tokenId: In(ids), kind: In(about), emailedAt: IsNull(), at: LessThanOrEqual(now) };
      await manager.update(TokenNoticeEntity, told, { emailedAt: now });
    }
  });
}

/** Tokens that may have expired by the account's next email. */
async function expiringSoon({ dataSource, now }: AppContext, account: AccountSummary): Promise<string[]> {
  const at = now().getTime();
  const tokens = await dataSource.manager.find(ApiTokenEntity, {
    select: { id: true },
    where: {
      accountId: account.id,
      deleted: 0,
      expiresAt: Between(new Date(at), new Date(at + soonMs)),
      // Not those that were created with so short a lifetime.
      createdAt: LessThan(new Date(at - dayMs)),
    },
  });
  return tokens.map(({ id }) => id);
}

/** For each administrator about all of the tokens, and for other people with a role about those they created. */
async function emailsOf(app: AppContext, kind: EmailKind, account: AccountSummary, lines: TokenLine[]) {
  if (lines.length === 0) return [];
  const creators = groupBy(lines, ({ token }) => token.createdById);
  const now = app.now();
  return (await recipients(app.dataSource.manager, account.id, [...creators.keys()])).map(({ id, role }) => {
    const isAdministrator = role === "ADMIN";
    const own = isAdministrator ? lines : (creators.get(id) ?? []);
    return {
      id: randomBytes(12).toString("hex"),
      accountId: account.id,
      userId: id,
      asAdministrator: isAdministrator ? 1 : 0,
      kind,
      subject: rules[kind].subject(own.length, account.name).slice(0, 255),
      body: bodyOf(app.config.publicUrl, account, own, isAdministrator),
      createdAt: now,
      attempts: 0,
      nextAttemptAt: now,
    };
  });
}

function recipients(manager: EntityManager, accountId: string, creatorIds: (string | null)[]) {
  return manager
    .createQueryBuilder(MembershipEntity, "membership")
    .innerJoin(UserEntity, "user", "user.id = membership.userId")
    .select("user.id", "id")
    .addSelect("membership.role", "role")
    .where({ accountId })
    .andWhere("(membership.role = 'ADMIN' OR membership.userId IN (:...creatorIds))", {
      creatorIds: creatorIds.map((id) => id ?? ""),
    })
    .getRawMany<{ id: string; role: string }>();
}

function bodyOf(publicUrl: URL, account: AccountSummary, lines: TokenLine[], isAdministrator: boolean): string {
  const list = new URL(`/${account.id}/settings/api-tokens`, publicUrl);
  const items = lines
    .toSorted((a, b) => a.token.name.localeCompare(b.token.name))
    .slice(0, maxLines)
    .map(({ token, text }) => `${token.name} (${token.id}) ${text}.\n${list}/${token.id}\n`);
  const more = lines.length - items.length;
  const reason = isAdministrator ? `are an administrator of ${account.name}` : "created API tokens that it is about";
  return [
    ...items,
    ...(more > 0 ? [`And ${inWords(more)} more: ${list}\n`] : []),
    `You are receiving this email because you ${reason}.`,
    "",
  ].join("\n");
}

const inWords = (count: number): string => count.toLocaleString("en");

const ago = (app: AppContext, ms: number): Date => new Date(app.now().getTime() - ms);
