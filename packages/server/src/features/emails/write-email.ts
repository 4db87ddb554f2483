import { randomBytes } from "node:crypto";
import { type EntityManager, In } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { AccountSummary } from "../../core/caller-types.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";
import { EmailEntity } from "./email.entity.js";

/** What an email says about a token. */
export interface TokenLine {
  token: { id: string; name: string; createdById: string | null };
  /** After the name, e.g. "expires on 5 December 2026". */
  what: string;
}

interface Email {
  kind: EmailEntity["kind"];
  /** For one recipient, with as many tokens as they are told about. */
  subject(count: number): string;
  lines: TokenLine[];
}

/**
 * Writes an email for each administrator of the account, about all of the tokens, and for each other person with a role
 * in it, about those they created. Does nothing if no SMTP server is configured.
 */
export async function writeEmails(
  manager: EntityManager,
  app: AppContext,
  account: AccountSummary,
  { kind, subject, lines }: Email,
): Promise<void> {
  if (!app.config.smtp || lines.length === 0) return;
  const members = await manager.findBy(MembershipEntity, { accountId: account.id });
  const users = await manager.findBy(UserEntity, { id: In(members.map(({ userId }) => userId)) });
  const administrators = new Set(members.filter(({ role }) => role === "ADMIN").map(({ userId }) => userId));
  const now = app.now();
  const emails = users.flatMap(({ id, email }) => {
    const isAdministrator = administrators.has(id);
    const own = isAdministrator ? lines : lines.filter(({ token }) => token.createdById === id);
    if (own.length === 0) return [];
    return {
      id: randomBytes(12).toString("hex"),
      accountId: account.id,
      kind,
      recipient: email,
      // Names are the account's own, and a line break would begin a header.
      subject: subject(own.length)
        .replace(/\p{Cc}+/gu, " ")
        .slice(0, 255),
      body: bodyOf(app.config.publicUrl, account, own, isAdministrator),
      createdAt: now,
      attempts: 0,
      nextAttemptAt: now,
    };
  });
  if (emails.length > 0) await manager.insert(EmailEntity, emails);
}

function bodyOf(publicUrl: URL, account: AccountSummary, lines: TokenLine[], isAdministrator: boolean): string {
  const items = lines.map(({ token, what }) => {
    const url = new URL(`/${account.id}/settings/api-tokens/${token.id}`, publicUrl);
    return `${token.name} (${token.id}) ${what}\n${url}\n`;
  });
  const reason = isAdministrator
    ? `you are an administrator of ${account.name}`
    : `you created this in ${account.name}`;
  return [...items, `You get this email because ${reason}.`, ""].join("\n");
}

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** `5 December 2026`, in UTC, as the recipient's time zone is not known. */
export const dayInWords = (date: Date): string => day.format(date);
