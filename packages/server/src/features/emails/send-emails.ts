import { createTransport } from "nodemailer";
import { IsNull, LessThanOrEqual } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";
import { composeEmails } from "./compose-emails.js";
import { EmailEntity, type EmailKind } from "./email.entity.js";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;

const intervalMs = 5 * secondMs;
const emailsPerTurn = 50;
const connectMs = 10 * secondMs;
/** Of a whole attempt. Some servers scan an email for long before they accept it. */
const attemptMs = 2 * minuteMs;
/** For how long no other process attempts the same email. Longer than an attempt. */
const claimMs = 3 * minuteMs;
/** Pauses before the second attempt and later ones. */
const pausesMs = [1, 5, 15, 60].map((minutes) => minutes * minuteMs);
/** After a server could not be reached or did not accept the password, none is sent for this long. */
const quietMs = minuteMs;

/** What nodemailer rejects with. */
interface SmtpError {
  code?: string;
  /** The system's, e.g. `ECONNREFUSED`. */
  originalCode?: string;
  /** The SMTP command that failed, e.g. `RCPT TO`. */
  command?: string;
  responseCode?: number;
  response?: string;
}

export interface Emails {
  /** Sends what is due. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Sends emails for up to a day, until the server accepts them. After a crash, one may be sent again, with the same
 * Message-ID. Null if no SMTP server is configured.
 */
export function startEmails(app: AppContext): Emails | null {
  const { smtp, publicUrl } = app.config;
  if (!smtp) return null;
  const { manager } = app.dataSource;
  const transport = createTransport({
    url: smtp.url,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: attemptMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const closing = new AbortController();
  let quietUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;

  function run(): Promise<void> {
    running ??= send().finally(() => {
      running = null;
    });
    return running;
  }

  async function send(): Promise<void> {
    await composeEmails(app, "LEAK", () => closing.signal.aborted);
    if (app.now().getTime() < quietUntil) return;
    for (const id of [...(await dueOf("LEAK")), ...(await dueOf("NOTICE"))]) {
      const email = await claim(id);
      if (email) await attempt(email);
      if (closing.signal.aborted || app.now().getTime() < quietUntil) return;
    }
  }

  async function dueOf(kind: EmailKind): Promise<string[]> {
    const due = await manager.find(EmailEntity, {
      select: { id: true },
      where: { kind, nextAttemptAt: LessThanOrEqual(app.now()) },
      order: { nextAttemptAt: "ASC" },
      take: emailsPerTurn,
    });
    return due.map(({ id }) => id);
  }

  /** Null if another process was faster. */
  async function claim(id: string): Promise<EmailEntity | null> {
    const now = app.now();
    const email = await manager.findOneBy(EmailEntity, { id, nextAttemptAt: LessThanOrEqual(now) });
    if (!email) return null;
    const { affected } = await manager.update(
      EmailEntity,
      { id, attempts: email.attempts, nextAttemptAt: LessThanOrEqual(now) },
      { attempts: email.attempts + 1, nextAttemptAt: new Date(now.getTime() + claimMs) },
    );
    return affected === 1 ? email : null;
  }

  async function attempt(email: EmailEntity): Promise<void> {
    if (isLate(email, app.now())) return giveUp(email, "it is more than a day old");
    const address = await addressFor(email);
    if (address === null) return giveUp(email, "its recipient no longer has that role in the account");
    try {
      await transport.sendMail({
        from: smtp?.from,
        // As an object, so that it is one address whatever it contains.
        to: { name: "", address },
        subject: email.subject,
        text: email.body,
        messageId: `<${email.id}@${publicUrl.hostname}>`,
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(attemptMs)]),
      });
    } catch (error) {
      return handle(email, error as SmtpError);
    }
    await end(email, null);
  }

  async function handle(email: EmailEntity, failure: SmtpError): Promise<void> {
    const { code, originalCode, command, responseCode } = failure;
    const fields = { attempts: email.attempts + 1, code, originalCode, command, responseCode };
    const pause = pausesMs[Math.min(email.attempts, pausesMs.length - 1)] ?? 0;
    const next = new Date(app.now().getTime() + pause);
    if (isUnknownAddress(failure)) return giveUp(email, "the server rejects its recipient", fields);
    if (isLate(email, next)) return giveUp(email, "it could not be sent for a day", fields);
    app.logger.warn({ email: email.id, ...fields }, "an email was not sent; it will be tried again");
    const isOfEmail = responseCode && (command === "RCPT TO" || command === "DATA");
    if (!isOfEmail) quietUntil = app.now().getTime() + quietMs;
    await end(email, next);
  }

  async function giveUp(email: EmailEntity, why: string, fields: object = {}): Promise<void> {
    app.logger.warn({ email: email.id, ...fields }, `gave up on an email: ${why}`);
    await end(email, null);
  }

  async function end({ id }: EmailEntity, nextAttemptAt: Date | null): Promise<void> {
    await manager.update(EmailEntity, { id }, { nextAttemptAt });
  }

  /** The recipient's current address. Null if they no longer have the role that the email is for. */
  async function addressFor({ accountId, userId, asAdministrator }: EmailEntity): Promise<string | null> {
    const role = asAdministrator ? { role: "ADMIN" as const } : {};
    const isMember = await manager.existsBy(MembershipEntity, { accountId, userId, ...role });
    if (!isMember || !(await manager.existsBy(AccountEntity, { id: accountId, closedAt: IsNull() }))) return null;
    return (await manager.findOneBy(UserEntity, { id: userId }))?.email ?? null;
  }

  function schedule(): void {
    timer = setTimeout(() => {
      run()
        .catch((error) => app.logger.warn({ err: error }, "emails cannot be read; the next attempt is in 5 seconds"))
        .finally(() => closing.signal.aborted || schedule());
    }, intervalMs);
    timer.unref();
  }

  schedule();
  return {
    run,
    async close() {
      closing.abort();
      clearTimeout(timer);
      // Its failure is its caller's to report. It does not keep the rest from closing.
      await running?.catch(() => {});
      transport.close();
    },
  };
}

const isLate = ({ createdAt }: EmailEntity, at: Date): boolean => at.getTime() > createdAt.getTime() + dayMs;

/**
 * Whether no attempt would help: a mailbox that does not exist (RFC 5321, section 4.2.2), not a policy or a setting of
 * the server (RFC 3463, X.7.X), which someone will mend.
 */
const isUnknownAddress = ({ command, responseCode = 0, response = "" }: SmtpError): boolean =>
  command === "RCPT TO" && [550, 551, 553].includes(responseCode) && !/\b5\.7\.\d/.test(response);
