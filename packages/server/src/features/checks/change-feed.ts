import { affectsChecks, parseIdentifier } from "@hallpass/shared";
import type { Logger } from "pino";
import { type DataSource, In, MoreThanOrEqual } from "typeorm";
import type { ChainLink, TokenCache } from "../../context/services.js";
import { readHistoryId } from "../../db/history.js";
import type { Change } from "../../infra/change-bus.js";
import type { Metrics } from "../../infra/metrics.js";
import { AuditHeadEntity, AuditRecordEntity } from "../audit/audit-record.entity.js";

/** Pause between two looks, in ms. Well below the revocation bound, so that a late look is still in time. */
const intervalMs = 250;
const headsPerStatement = 1_000;
/** With this many new records at once, all of the account's tokens are evicted instead. */
const maxRecords = 500;
const looksPerTrim = 240;

/** Evicts what a change makes stale: the token it concerns, or all of the account's. */
export function applyChange(cache: TokenCache, { accountId, objectId }: Change): void {
  if (parseIdentifier(objectId)?.kind === "token") cache.evict(objectId);
  else cache.evictAccounts([accountId]);
}

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

/** The gap between the head the cache knows of an account and the stored one. */
export interface Gap {
  accountId: string;
  known: ChainLink;
  /** Null if the account no longer exists. */
  stored: ChainLink | null;
  /** Records from the known head on, in order, including that head itself unless the trail was empty. */
  records: (Pick<AuditRecordEntity, "event" | "objectId" | "at"> & ChainLink)[];
}

async function findGaps(dataSource: DataSource, known: [string, ChainLink][]): Promise<Gap[]> {
  const gaps: Gap[] = [];
  for (let start = 0; start < known.length; start += headsPerStatement) {
    const part = known.slice(start, start + headsPerStatement);
    const rows = await dataSource.manager.findBy(AuditHeadEntity, { accountId: In(part.map(([id]) => id)) });
    const heads = new Map(rows.map(({ accountId, sequence, hash }) => [accountId, { sequence, hash }]));
    for (const [accountId, head] of part) {
      const stored = heads.get(accountId) ?? null;
      if (stored && stored.sequence === head.sequence && stored.hash === head.hash) continue;
      const hasGrown = stored !== null && stored.sequence > head.sequence;
      const records = hasGrown ? await readRecords(dataSource, accountId, head.sequence) : [];
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
    take: maxRecords,
  });
}

/** Evicts what the gaps make stale. Returns the times of the changes that are new to this process. */
export function closeGaps(cache: TokenCache, gaps: Gap[]): Date[] {
  const isContinued = ({ known, records }: Gap) => {
    const [first] = records;
    if (!first || records.length >= maxRecords) return false;
    return known.sequence === 0 || (first.sequence === known.sequence && first.hash === known.hash);
  };
  const seen: Date[] = [];
  const broken = gaps.filter((gap) => !isContinued(gap));
  if (broken.length > 0) cache.evictAccounts(broken.map(({ accountId }) => accountId));
  for (const gap of gaps) {
    const { accountId, known, stored, records } = gap;
    if (stored) cache.heads.set(accountId, stored);
    else cache.heads.delete(accountId);
    if (broken.includes(gap)) continue;
    for (const { sequence, event, objectId, at } of records) {
      if (sequence <= known.sequence) continue;
      seen.push(at);
      if (affectsChecks(event)) applyChange(cache, { accountId, objectId });
    }
  }
  const open = new Map(gaps.map((gap) => [gap.accountId, gap]));
  cache.settleReadAhead((accountId, head) => {
    const { records = [] } = open.get(accountId) ?? {};
    const last = records.at(-1);
    if (last && head.sequence > last.sequence) return null;
    return records.some(({ sequence, hash }) => sequence === head.sequence && hash === head.hash);
  });
  return seen;
}
