import DataLoader from "dataloader";
import { type DataSource, In } from "typeorm";
import type { Loaders } from "../../context/loaders.js";
import { grouped, rowById, rowsWith } from "../../db/rows.js";
import { modulesOf } from "../modules/module-loaders.js";
import { ApiTokenAccessEntity, ApiTokenEntity, ApiTokenEventEntity, ApiTokenModuleEntity } from "./api-token.entity.js";
import { ApiTokenSecretEntity } from "./api-token-secret.entity.js";

export const apiTokenById = (dataSource: DataSource) => rowById(dataSource, ApiTokenEntity);

export const modulesOfToken = (dataSource: DataSource, loaders: Loaders) =>
  modulesOf(dataSource, loaders, ApiTokenModuleEntity, "tokenId");

type TokenValueDates = Pick<ApiTokenSecretEntity, "tokenId" | "slot" | "validUntil" | "lastUsedAt">;

/** When each value was last used and when it expires. Never the values themselves. */
export const valuesOfToken = (dataSource: DataSource) =>
  new DataLoader<string, TokenValueDates[]>(async (tokenIds) => {
    const values = await dataSource.manager.find(ApiTokenSecretEntity, {
      select: { tokenId: true, slot: true, validUntil: true, lastUsedAt: true },
      where: { tokenId: In([...tokenIds]) },
    });
    return grouped(tokenIds, values, ({ tokenId }) => tokenId);
  });

/** The stored last access. The usage recorder has those not written yet. */
export const accessOfToken = (dataSource: DataSource) =>
  new DataLoader<string, ApiTokenAccessEntity | null>(async (tokenIds) => {
    const rows = await rowsWith(dataSource, ApiTokenAccessEntity, "tokenId", tokenIds);
    const byToken = new Map(rows.map((row) => [row.tokenId, row]));
    return tokenIds.map((tokenId) => byToken.get(tokenId) ?? null);
  });

/** Oldest first. */
export const eventsOfToken = (dataSource: DataSource) =>
  new DataLoader<string, ApiTokenEventEntity[]>(async (tokenIds) => {
    const events = await rowsWith(dataSource, ApiTokenEventEntity, "tokenId", tokenIds);
    return grouped(tokenIds, events, (event) => event.tokenId).map((each) =>
      each.sort((a, b) => a.at.getTime() - b.at.getTime()),
    );
  });
