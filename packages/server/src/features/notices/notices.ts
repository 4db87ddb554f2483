import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { IsNull, MoreThan } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import { takeLease } from "../../db/lease.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { composeEmails } from "../emails/compose-emails.js";
import { noticeExpiries } from "./expiring-tokens.js";
import { handleUnused } from "./unused-tokens.js";

const intervalMs = 10 * 60_000;
/** Longer than the interval, so that the process that holds the lease keeps it until it stops. */
const leaseMs = 2 * intervalMs;
const accountsPerRead = 200;

/**
 * Every ten minutes, one process records which tokens will expire and which are unused, and disables those that stay
 * unused if the account's policy says so. Webhooks send what the audit trail records.
 */
export function startNotices(app: AppContext): { close(): Promise<void> } {
  const holder = randomUUID();
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    const now = app.now();
    const lease = { name: "notices", holder, now, expiresAt: new Date(now.getTime() + leaseMs) };
    if (await takeLease(app.dataSource, lease)) await giveNotices(app, () => isStopped);
  }

  const timer = setInterval(() => {
    running = run().catch((error) => app.logger.warn({ err: error }, "notices failed; the next run is in 10 minutes"));
  }, intervalMs);
  timer.unref();
  return {
    async close() {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** In each open account. Other work runs in between. */
export async function giveNotices(app: AppContext, isStopped: () => boolean = () => false): Promise<void> {
  for (let after = ""; ; ) {
    const accounts = await app.dataSource.manager.find(AccountEntity, {
      where: { id: MoreThan(after), closedAt: IsNull() },
      order: { id: "ASC" },
      take: accountsPerRead,
    });
    for (const account of accounts) {
      if (isStopped()) return;
      await noticeExpiries(app, account);
      await handleUnused(app, account);
      await nextTurn();
    }
    after = accounts.at(-1)?.id ?? "";
    if (accounts.length < accountsPerRead) break;
  }
  await composeEmails(app, "NOTICE", isStopped);
}
