import { Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, PrimaryIdColumn, TextColumn } from "../../db/columns.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { UserEntity } from "../users/user.entity.js";

export const savedViewLists = ["API_TOKENS", "AUDIT_TRAIL", "OBJECT_AUDIT_TRAIL"] as const;
export type SavedViewList = (typeof savedViewLists)[number];

/** A list's filter, sort order and columns under a name. */
@Entity("saved_view")
@Index("ix_saved_view_account", ["accountId", "ownerId"])
@Index("ix_saved_view_owner", ["ownerId"])
export class SavedViewEntity {
  @PrimaryIdColumn() id: string;

  @IdColumn("account_id")
  @ForeignKey(() => AccountEntity, { name: "fk_saved_view_account", onDelete: "CASCADE" })
  accountId: string;

  /** The person who alone has it. Null if it is shared with everyone in the account. */
  @IdColumn("owner_id", { nullable: true })
  @ForeignKey(() => UserEntity, { name: "fk_saved_view_owner", onDelete: "CASCADE" })
  ownerId: string | null;

  @TextColumn("list", 24) list: SavedViewList;
  @TextColumn("name", 60) name: string;
  /** Of the page's URL. */
  @TextColumn("query", 4_000) query: string;
}

/** The view in which a list opens for a person. */
@Entity("default_view")
@Index("ix_default_view_account", ["accountId"])
@Index("ix_default_view_view", ["viewId"])
export class DefaultViewEntity {
  @IdColumn("user_id", { primary: true })
  @ForeignKey(() => UserEntity, { name: "fk_default_view_user", onDelete: "CASCADE" })
  userId: string;

  @IdColumn("account_id", { primary: true })
  @ForeignKey(() => AccountEntity, { name: "fk_default_view_account", onDelete: "CASCADE" })
  accountId: string;

  @TextColumn("list", 24, { primary: true }) list: SavedViewList;

  @IdColumn("view_id")
  @ForeignKey(() => SavedViewEntity, { name: "fk_default_view_view", onDelete: "CASCADE" })
  viewId: string;
}
