import { Column, Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, IntColumn, PrimaryIdColumn, TextColumn, TimeColumn } from "../../db/columns.js";
import { AccountEntity } from "../accounts/account.entity.js";

/** An email to send or sent, written in the transaction of what it is about. Kept for 30 days. */
@Entity("email")
@Index("ix_email_due", ["nextAttemptAt"])
@Index("ix_email_account", ["accountId", "kind", "createdAt"])
@Index("ix_email_created", ["createdAt"])
export class EmailEntity {
  @PrimaryIdColumn() id: string;

  @IdColumn("account_id")
  @ForeignKey(() => AccountEntity, { name: "fk_email_account", onDelete: "CASCADE" })
  accountId: string;

  @TextColumn("kind", 16) kind: "NOTICE" | "LEAK";
  @TextColumn("recipient", 254) recipient: string;
  @TextColumn("subject", 255) subject: string;
  @Column("text", { name: "body" }) body: string;
  @TimeColumn("created_at") createdAt: Date;
  @IntColumn("attempts") attempts: number;
  /** Null once it was sent, or given up. */
  @TimeColumn("next_attempt_at", { nullable: true }) nextAttemptAt: Date | null;
}
