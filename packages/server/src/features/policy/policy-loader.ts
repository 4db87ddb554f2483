import DataLoader from "dataloader";
import { type DataSource, In } from "typeorm";
import { AccountPolicyEntity } from "./account-policy.entity.js";

/** Null for an account without a policy. */
export const policyByAccount = ({ manager }: DataSource) =>
  new DataLoader<string, AccountPolicyEntity | null>(async (accountIds) => {
    const rows = await manager.findBy(AccountPolicyEntity, { accountId: In([...accountIds]) });
    return accountIds.map((id) => rows.find(({ accountId }) => accountId === id) ?? null);
  });
