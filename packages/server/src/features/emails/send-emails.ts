import { randomUUID } from "node:crypto";
import { createTransport } from "nodemailer";
import { LessThanOrEqual } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import { takeLease } from "../../db/lease.js";
import { MembershipEntity, UserEntity } from "../users/user.entity.js";
import { EmailEntity } from "./email.entity.js";

const intervalMs = 5_000;
const leaseMs = 60_000;
const emailsPerTurn = 50;
const timeoutMs = 10_000;

const minuteMs = 60_000;
/** Pauses before the second attempt and later ones, in all about a day. */
const pausesMs = [1, 5, 15, 60, 180, 420, 720].map((minutes) => minutes * minuteMs);

/** What nodemailer rejects with. */
interface SmtpError {
  code?: string;
  /** The SMTP command that failed, e.g. `RCPT TO`. */
  command?: string;
  responseCode?: number;
}

export interface Emails {
  /** Sends what is due, unless another process does. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Sends emails, in one process at a time. After a crash, one may be sent again, with the same Message-ID. Null if no
 * SMTP server is configured.
 */
export function startEmails(app: AppContext): Emails | null {
  const { smtp, publicUrl } = app.config;
  if (!smtp) return null;
  const { manager } = app.dataSource;
  const transport = createTransport({
    url: smtp.url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const holder = randomUUID();
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;

  function run(): Promise<void> {
    running ??= send().finally(() => {
      running = null;
    });
    return running;
  }

  async function send(): Promise<void> {
    const now = app.now();
    const where = { nextAttemptAt: LessThanOrEqual(now) };
    if (!(await manager.existsBy(EmailEntity, where))) return;
    const lease = { name: "emails", holder, now, expiresAt: new Date(now.getTime() + leaseMs) };
    if (!(await takeLease(app.dataSource, lease))) return;
    const due = await manager.find(EmailEntity, { where, order: { nextAttemptAt: "ASC" }, take: emailsPerTurn });
    const until = performance.now() + leaseMs / 2;
    for (const email of due) {
      // The lease must not run out before the next attempt ends.
      if (isClosed || performance.now() > until || !(await attempt(email))) return;
    }
  }

  /** Returns false if the server sends no emails at all now, e.g. because it is down or the password is wrong. */
  async function attempt(email: EmailEntity): Promise<boolean> {
    const { id, attempts, recipient, subject, body } = email;
    if (!(await isMember(email))) {
      await manager.update(EmailEntity, { id }, { nextAttemptAt: null });
      return true;
    }
    let failure: SmtpError | null = null;
    try {
      await transport.sendMail({
        from: smtp?.from,
        // As an object, so that it is one address whatever it contains.
        to: { name: "", address: recipient },
        subject,
        text: body,
        messageId: `<${id}@${publicUrl.hostname}>`,
      });
    } catch (error) {
      failure = error as SmtpError;
    }
    const pause = pausesMs[attempts];
    const isOfEmail = failure?.command === "RCPT TO" || failure?.command === "DATA";
    // RFC 5321, section 4.2.1: 5xx is final.
    const isFinal = pause === undefined || (isOfEmail && Number(failure?.responseCode) >= 500);
    const nextAttemptAt = !failure || isFinal ? null : new Date(app.now().getTime() + pause);
    await manager.update(EmailEntity, { id }, { attempts: attempts + 1, nextAttemptAt });
    if (!failure) return true;
    const { code, command, responseCode } = failure;
    const fields = { email: id, attempts: attempts + 1, code, command, responseCode };
    app.logger.warn(fields, isFinal ? "an email was given up" : "an email was not sent; it is tried again");
    return isOfEmail;
  }

  /** Someone may have left the account since the email was written. */
  const isMember = ({ accountId, recipient }: EmailEntity): Promise<boolean> =>
    manager
      .createQueryBuilder(UserEntity, "user")
      .innerJoin(MembershipEntity, "membership", "membership.userId = user.id")
      .where({ email: recipient })
      .andWhere("membership.accountId = :accountId", { accountId })
      .getExists();

  function schedule(): void {
    if (isClosed) return;
    timer = setTimeout(() => {
      run()
        .catch((error) => app.logger.warn({ err: error }, "emails cannot be read; the next attempt is in 5 seconds"))
        .finally(schedule);
    }, intervalMs);
    timer.unref();
  }

  schedule();
  return {
    run,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      transport.close();
      await running;
    },
  };
}
