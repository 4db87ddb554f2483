import { type DataSource, IsNull } from "typeorm";
import { AccountEntity } from "./account.entity.js";

/**
 * Open accounts that run the platform. Events that concern no account, or all of them, are recorded in their trails.
 */
export function operationsAccounts({ manager }: DataSource): Promise<AccountEntity[]> {
  return manager.find(AccountEntity, { where: { type: "OPERATIONS", closedAt: IsNull() }, order: { id: "ASC" } });
}
