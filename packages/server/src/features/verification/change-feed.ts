import { affectsChecks, parseIdentifier } from "@hallpass/shared";
import type { Logger } from "pino";
import { type DataSource, In, MoreThan } from "typeorm";
import type { Change } from "../../change-bus.js";
import type { Metrics } from "../../metrics.js";
import { AuditHeadEntity, AuditRecordEntity } from "../audit/audit-record.entity.js";
import type { TokenCache } from "./token-cache.js";

/** How long after one look the next begins, in ms. Well below the bound, so that one that is late still counts. */
const intervalMs = 250;
const headsPerStatement = 1_000;
/** More than this at once, and all of the account's tokens are read anew instead. */
const maxRecords = 500;
const looksPerTrim = 240;

/** Evicts what a change makes stale: the token it is about, or all of the account's. */
export function applyChange(cache: TokenCache, { accountId, objectId }: Change): void {
  if (parseIdentifier(objectId)?.kind === "token") cache.evict(objectId);
  else cache.evictAccount(accountId);
}

/**
 * Looks for changes of other processes in the one place where every change stands: the audit trail, whose head per
 * account is one small row. A look costs one statement for all accounts with tokens in the cache; no clock is compared.
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

  async function look(): Promise<void> {
    const lookedAt = performance.now();
    try {
      for (const head of await advancedHeads(dataSource, cache))
        for (const at of await follow(dataSource, cache, head))
          metrics.revocationLag.observe((Date.now() - at) / 1_000);
      cache.confirm(lookedAt);
      if (++looks % looksPerTrim === 0) cache.trimHeads();
    } catch (error) {
      logger.warn({ err: error }, "changes cannot be looked for; tokens are read anew meanwhile");
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

interface Head {
  accountId: string;
  known: number;
  sequence: number;
}

async function advancedHeads(dataSource: DataSource, cache: TokenCache): Promise<Head[]> {
  const known = [...cache.heads];
  const advanced: Head[] = [];
  for (let start = 0; start < known.length; start += headsPerStatement) {
    const part = new Map(known.slice(start, start + headsPerStatement));
    const heads = await dataSource.manager.findBy(AuditHeadEntity, { accountId: In([...part.keys()]) });
    for (const { accountId, sequence } of heads) {
      const before = part.get(accountId) ?? sequence;
      if (sequence > before) advanced.push({ accountId, known: before, sequence });
    }
  }
  return advanced;
}

/** Gives when each change that is new to this process was made, in ms since 1970. */
async function follow(dataSource: DataSource, cache: TokenCache, head: Head): Promise<number[]> {
  const { accountId, known, sequence } = head;
  const records = await dataSource.manager.find(AuditRecordEntity, {
    select: { accountId: true, sequence: true, event: true, objectId: true, at: true },
    where: { accountId, sequence: MoreThan(known) },
    take: maxRecords,
  });
  if (records.length === maxRecords) cache.evictAccount(accountId);
  else for (const { event, objectId } of records) if (affectsChecks(event)) applyChange(cache, { accountId, objectId });
  cache.heads.set(accountId, sequence);
  return records.map(({ at }) => at.getTime());
}
