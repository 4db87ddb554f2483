import { Entity, ForeignKey } from "typeorm";
import { IntColumn, PrimaryIdColumn } from "../../db/columns.js";
import { AccountEntity } from "../accounts/account.entity.js";

/** What an account requires of its tokens and people. No row if it requires nothing. */
@Entity("account_policy")
export class AccountPolicyEntity {
  @PrimaryIdColumn("account_id")
  @ForeignKey(() => AccountEntity, { name: "fk_account_policy_account", onDelete: "CASCADE" })
  accountId: string;

  /** Null for any. */
  @IntColumn("max_lifetime_days", { nullable: true }) maxLifetimeDays: number | null;
  /** Null for never. */
  @IntColumn("idle_days", { nullable: true }) idleDays: number | null;
  // 0 or 1.
  @IntColumn("expiry_required") expiryRequired: number;
  @IntColumn("ip_ranges_required") ipRangesRequired: number;
  @IntColumn("values_shown_once") valuesShownOnce: number;
  @IntColumn("recent_sign_in_required") recentSignInRequired: number;
}
