import { type ChainLink, closeGaps, type Gap, maxRecordsOfGap, type TokenCache } from "@hallpass/shared/check";
import type { Logger } from "pino";
import { type DataSource, In, MoreThanOrEqual } from "typeorm";
import { readHistoryId } from "../../db/history.js";
import type { Metrics } from "../../infra/metrics.js";
import { AuditHeadEntity, AuditRecordEntity } from "../audit/audit-record.entity.js";

/** Pause between two looks, in ms. Well below the revocation bound, so that a late look is still in time. */
const intervalMs = 250;
const headsPerStatement = 1_000;
const looksPerTrim = 240;

/**
 * Looks for changes of other processes where every change is recorded: in the audit trail, whose head per account is
 * one small row. A look costs two statements for all accounts with cached tokens. No clocks are compared.
 *
 * A head that merely differs counts as much as one that has grown: after a restore, or a failover to a node that lost
 * commits, the trail is a different one. Tokens cached before may then no longer exist, so all of the account's tokens
 * are evicted.
 */
export function startChangeFeed(
  dataSource: DataSource,
  cache: TokenCache,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): { close(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let looks = 0;
  let looking: Promise<void> = Promise.resolve();
  /** Undefined before the first look. */
  let historyId: string | null | undefined;

  async function look(): Promise<void> {
    const lookedAt = performance.now();
    try {
      const storedId = await readHistoryId(dataSource);
      if (historyId !== undefined && storedId !== historyId) cache.evictAll();
      historyId = storedId;
      const gaps = await findGaps(dataSource, [...cache.heads]);
      for (const at of closeGaps(cache, gaps)) metrics.revocationLag.observe((Date.now() - at.getTime()) / 1_000);
      cache.confirm(lookedAt);
      if (++looks % looksPerTrim === 0) cache.trimHeads();
    } catch (error) {
      logger.warn({ err: error }, "changes cannot be read; tokens are reread meanwhile");
    }
  }

  function schedule(): void {
    if (closed) return;
    timer = setTimeout(() => {
      looking = look().finally(schedule);
    }, intervalMs);
    timer.unref();
  }

  schedule();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

/** Compares these heads of accounts with the stored ones. Beyond `maxRead` gaps, their records are not read. */
export async function findGaps(
  dataSource: DataSource,
  known: [string, ChainLink][],
  maxRead = Number.POSITIVE_INFINITY,
): Promise<Gap[]> {
  const gaps: Gap[] = [];
  for (let start = 0; start < known.length; start += headsPerStatement) {
    const part = known.slice(start, start + headsPerStatement);
    const rows = await dataSource.manager.findBy(AuditHeadEntity, { accountId: In(part.map(([id]) => id)) });
    const heads = new Map(rows.map(({ accountId, sequence, hash }) => [accountId, { sequence, hash }]));
    for (const [accountId, head] of part) {
      const stored = heads.get(accountId) ?? null;
      if (stored && stored.sequence === head.sequence && stored.hash === head.hash) continue;
      const hasGrown = stored !== null && stored.sequence > head.sequence;
      const records = hasGrown && gaps.length < maxRead ? await readRecords(dataSource, accountId, head.sequence) : [];
      gaps.push({ accountId, known: head, stored, records });
    }
  }
  return gaps;
}

function readRecords(dataSource: DataSource, accountId: string, from: number): Promise<AuditRecordEntity[]> {
  return dataSource.manager.find(AuditRecordEntity, {
    select: { accountId: true, sequence: true, hash: true, event: true, objectId: true, at: true },
    where: { accountId, sequence: MoreThanOrEqual(from) },
    order: { sequence: "ASC" },
    take: maxRecordsOfGap,
  });
}
