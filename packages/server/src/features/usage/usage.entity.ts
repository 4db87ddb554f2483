import { Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, IntColumn, TextColumn } from "../../db/columns.js";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";

/** A token's checks on one day. */
@Entity("token_usage", { withoutRowid: true })
@Index("ix_token_usage_day", ["day"])
export class TokenUsageEntity {
  @IdColumn("token_id", { primary: true })
  @ForeignKey(() => ApiTokenEntity, { name: "fk_token_usage_token" })
  tokenId: string;

  /** YYYY-MM-DD in UTC. */
  @TextColumn("day", 10, { primary: true }) day: string;
  @IntColumn("allowed") allowed: number;
  @IntColumn("denied") denied: number;
}
