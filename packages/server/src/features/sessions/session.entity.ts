import { Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, TextColumn, TimeColumn } from "../../db/columns.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { UserEntity } from "../users/user.entity.js";

@Entity("session")
@Index("ix_session_user", ["userId"])
@Index("ix_session_account", ["accountId"])
@Index("ix_session_expires", ["expiresAt"])
export class SessionEntity {
  /** SHA-256 of the cookie's value, in hex, so that no one who reads the table can take over a session. */
  @TextColumn("id", 64, { primary: true }) id: string;

  @IdColumn("user_id")
  @ForeignKey(() => UserEntity, { name: "fk_session_user", onDelete: "CASCADE" })
  userId: string;

  /** The person's current account. */
  @IdColumn("account_id")
  @ForeignKey(() => AccountEntity, { name: "fk_session_account", onDelete: "CASCADE" })
  accountId: string;

  @TimeColumn("created_at") createdAt: Date;
  @TimeColumn("last_seen_at") lastSeenAt: Date;
  @TimeColumn("expires_at") expiresAt: Date;
  /** When the person last proved who they are. Null if unknown: the identity provider may not say. */
  @TimeColumn("authenticated_at", { nullable: true }) authenticatedAt: Date | null;
  /** Where it was last used from. Null if unknown, and in sessions from before 0.2.0. */
  @TextColumn("ip", 45, { nullable: true }) ip: string | null;
  @TextColumn("user_agent", 255, { nullable: true }) userAgent: string | null;
}
