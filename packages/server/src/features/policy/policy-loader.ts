import DataLoader from "dataloader";
import type { DataSource } from "typeorm";
import { rowsWith } from "../../db/rows.js";
import { AccountPolicyEntity } from "./account-policy.entity.js";

/** Null for an account without a policy. */
export const policyByAccount = (dataSource: DataSource) =>
  new DataLoader<string, AccountPolicyEntity | null>(async (accountIds) => {
    const rows = await rowsWith(dataSource, AccountPolicyEntity, "accountId", accountIds);
    return accountIds.map((id) => rows.find(({ accountId }) => accountId === id) ?? null);
  });
