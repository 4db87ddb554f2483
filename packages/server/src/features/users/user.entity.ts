import type { Role } from "@hallpass/shared";
import { Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, PrimaryIdColumn, TextColumn, TimeColumn } from "../../db/columns.js";
import { AccountEntity } from "../accounts/account.entity.js";

@Entity("user")
@Index("ux_user_email", ["email"], { unique: true })
export class UserEntity {
  @PrimaryIdColumn() id: string;
  @TextColumn("name", 120) name: string;
  /** In lower case. */
  @TextColumn("email", 254) email: string;
  /** argon2id, as a PHC string. */
  @TextColumn("password_hash", 255) passwordHash: string;
}

/** A person's role in an account. */
@Entity("membership")
@Index("ix_membership_account", ["accountId"])
export class MembershipEntity {
  @IdColumn("user_id", { primary: true })
  @ForeignKey(() => UserEntity, { name: "fk_membership_user", onDelete: "CASCADE" })
  userId: string;

  @IdColumn("account_id", { primary: true })
  @ForeignKey(() => AccountEntity, { name: "fk_membership_account", onDelete: "CASCADE" })
  accountId: string;

  @TextColumn("role", 16) role: Role;
  /** When the person last entered the account. The next sign-in starts in the account entered last. Null if never. */
  @TimeColumn("entered_at", { nullable: true }) enteredAt: Date | null;
}
