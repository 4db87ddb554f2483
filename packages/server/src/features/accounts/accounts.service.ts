import { type DataSource, IsNull } from "typeorm";
import { AccountEntity } from "./account.entity.js";

/** The open accounts that run the platform: what concerns no account, or all of them, stands in their trails. */
export function operationsAccounts({ manager }: DataSource): Promise<AccountEntity[]> {
  return manager.find(AccountEntity, { where: { type: "OPERATIONS", closedAt: IsNull() }, order: { id: "ASC" } });
}
