import type { AccountType } from "@hallpass/shared";
import { Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, PrimaryIdColumn, TextColumn, TimeColumn } from "../../db/columns.js";
import { ModuleEntity } from "../modules/module.entity.js";

@Entity("account")
export class AccountEntity {
  @PrimaryIdColumn() id: string;
  @TextColumn("name", 120) name: string;
  @TextColumn("type", 16) type: AccountType;
  @TimeColumn("created_at") createdAt: Date;
  /** Null if open. A closed account keeps its tokens and trail, but its tokens are denied and no one can use it. */
  @TimeColumn("closed_at", { nullable: true }) closedAt: Date | null;
}

/** A module enabled for an account. */
@Entity("account_module")
@Index("ix_account_module_module", ["moduleId"])
export class AccountModuleEntity {
  @IdColumn("account_id", { primary: true })
  @ForeignKey(() => AccountEntity, { name: "fk_account_module_account", onDelete: "CASCADE" })
  accountId: string;

  @IdColumn("module_id", { primary: true })
  @ForeignKey(() => ModuleEntity, { name: "fk_account_module_module" })
  moduleId: string;
}
