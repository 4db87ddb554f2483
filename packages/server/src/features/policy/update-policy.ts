import { accountPolicyInput } from "@hallpass/shared";
import type { z } from "zod";
import type { PersonContext } from "../../context/request-context.js";
import { checkedInput } from "../../core/checked-input.js";
import { writeAuditRecord } from "../audit/write-audit-record.js";
import { inAuthorizedTransaction } from "../callers/authorized-transaction.js";
import { AccountPolicyEntity } from "./account-policy.entity.js";
import { checkRecentSignIn, type Policy, policyOf } from "./policy.js";
import type { UpdateAccountPolicyInput } from "./policy.types.js";

/**
 * Changes the account's policy. Fields left out stay unchanged. Tokens that break the new one stay as they are until
 * someone edits them. Needs a recent sign-in if the policy before or after requires one.
 */
export async function updateAccountPolicy(request: PersonContext, rawInput: UpdateAccountPolicyInput): Promise<Policy> {
  const input = checkedInput(accountPolicyInput, rawInput);
  return inAuthorizedTransaction(request, "policy:write", async (tx, context) => {
    const { id } = context.caller.account;
    const before = await policyOf(tx.manager, id);
    const after = { ...before, ...given(input) };
    // Also when it is turned on: a provider that does not say when people proved who they are would lock everyone out.
    await checkRecentSignIn(tx.manager, context, before.recentSignInRequired ? before : after);
    const changed = (Object.keys(before) as (keyof Policy)[]).filter((key) => before[key] !== after[key]);
    if (changed.length === 0) return after;
    await tx.manager.save(AccountPolicyEntity, rowOf(id, after));
    const pick = (from: Policy) => Object.fromEntries(changed.map((key) => [key, from[key]]));
    await writeAuditRecord(tx, context, {
      event: "account.policy_changed",
      summary: `Policy of ${context.caller.account.name} changed`,
      object: context.caller.account,
      before: pick(before),
      after: pick(after),
    });
    return after;
  });
}

function given({ maxLifetimeDays, idleDays, ...flags }: z.output<typeof accountPolicyInput>): Partial<Policy> {
  const set = Object.entries(flags).filter(([, value]) => value != null);
  return {
    ...Object.fromEntries(set),
    ...(maxLifetimeDays !== undefined && { maxLifetimeDays }),
    ...(idleDays !== undefined && { idleDays }),
  };
}

function rowOf(accountId: string, { maxLifetimeDays, idleDays, ...flags }: Policy): AccountPolicyEntity {
  const bits = Object.fromEntries(Object.entries(flags).map(([name, isOn]) => [name, isOn ? 1 : 0]));
  return Object.assign(new AccountPolicyEntity(), { accountId, maxLifetimeDays, idleDays, ...bits });
}
