import DataLoader from "dataloader";
import { type DataSource, In, MoreThanOrEqual } from "typeorm";
import { grouped } from "../../db/rows.js";
import { TokenUsageEntity } from "./usage.entity.js";

/**
 * Days with traffic, since a day such as 2026-01-31. One statement for all tokens, from the earliest of the requested
 * days.
 */
export function usageDaysOfToken(dataSource: DataSource) {
  return new DataLoader<{ tokenId: string; since: string }, TokenUsageEntity[], string>(
    async (keys) => {
      const tokenIds = [...new Set(keys.map(({ tokenId }) => tokenId))];
      const earliest = keys.map(({ since }) => since).sort()[0] ?? "";
      const days = await dataSource.manager.findBy(TokenUsageEntity, {
        tokenId: In(tokenIds),
        day: MoreThanOrEqual(earliest),
      });
      const groups = grouped(tokenIds, days, ({ tokenId }) => tokenId);
      const byToken = new Map(tokenIds.map((tokenId, index) => [tokenId, groups[index]]));
      return keys.map(({ tokenId, since }) => (byToken.get(tokenId) ?? []).filter(({ day }) => day >= since));
    },
    { cacheKeyFn: ({ tokenId, since }) => `${tokenId} ${since}` },
  );
}
