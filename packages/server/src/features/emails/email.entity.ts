import { Column, Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, IntColumn, PrimaryIdColumn, TextColumn, TimeColumn } from "../../db/columns.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { UserEntity } from "../users/user.entity.js";

export type EmailKind = "LEAK" | "NOTICE";

/** An email to send or sent. Kept for 30 days. */
@Entity("email")
@Index("ix_email_due", ["kind", "nextAttemptAt"])
@Index("ix_email_account", ["accountId", "kind", "createdAt"])
@Index("ix_email_created", ["createdAt"])
export class EmailEntity {
  @PrimaryIdColumn() id: string;

  @IdColumn("account_id")
  @ForeignKey(() => AccountEntity, { name: "fk_email_account", onDelete: "CASCADE" })
  accountId: string;

  @IdColumn("user_id")
  @ForeignKey(() => UserEntity, { name: "fk_email_user", onDelete: "CASCADE" })
  userId: string;

  /** 1 if the recipient gets it as an administrator, 0 if as a creator of tokens. */
  @IntColumn("as_administrator") asAdministrator: number;
  @TextColumn("kind", 16) kind: EmailKind;
  @TextColumn("subject", 255) subject: string;
  @Column("text", { name: "body" }) body: string;
  @TimeColumn("created_at") createdAt: Date;
  @IntColumn("attempts") attempts: number;
  /** Null once it was sent, or given up. */
  @TimeColumn("next_attempt_at", { nullable: true }) nextAttemptAt: Date | null;
}
