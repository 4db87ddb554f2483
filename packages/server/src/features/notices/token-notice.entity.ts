import { Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, TextColumn, TimeColumn } from "../../db/columns.js";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";

export type NoticeKind = "EXPIRY_30" | "EXPIRY_7" | "EXPIRY_1" | "UNUSED" | "LEAK";

/** The last notice of each kind about a token. */
@Entity("token_notice")
@Index("ix_token_notice_unsent", ["emailedAt", "kind", "at"])
export class TokenNoticeEntity {
  @IdColumn("token_id", { primary: true })
  @ForeignKey(() => ApiTokenEntity, { name: "fk_token_notice_token", onDelete: "CASCADE" })
  tokenId: string;

  @TextColumn("kind", 16, { primary: true }) kind: NoticeKind;
  /** The expiry, the last use or the leak that it was about. For another one, notice is given again. */
  @TimeColumn("about") about: Date;
  @TimeColumn("at") at: Date;
  /** When it became part of an email. Null if it did not. */
  @TimeColumn("emailed_at", { nullable: true }) emailedAt: Date | null;
}
