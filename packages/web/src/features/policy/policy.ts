import { useQuery } from "@apollo/client/react";
import { graphql } from "../../gql/gql";
import type { AccountPolicyQuery } from "../../gql/graphql";

export const policyDocument = graphql(/* GraphQL */ `
  query AccountPolicy {
    accountPolicy {
      maxLifetimeDays
      idleDays
      expiryRequired
      ipRangesRequired
      valuesShownOnce
      recentSignInRequired
    }
  }
`);

export type Policy = AccountPolicyQuery["accountPolicy"];

/** The account’s policy. Undefined until it is loaded: the server enforces it in any case. */
export function usePolicy(): Policy | undefined {
  return useQuery(policyDocument).data?.accountPolicy;
}

/** Whether tokens must expire. */
export const requiresExpiry = (policy: Policy | undefined): boolean =>
  policy !== undefined && (policy.expiryRequired || policy.maxLifetimeDays != null);

const dayMs = 86_400_000;

/** The latest expiry now, as the server computes it. Null for any. */
export function latestExpiry(policy: Policy | undefined, now: Date): Date | null {
  const days = policy?.maxLifetimeDays;
  return days == null ? null : new Date(now.getTime() + (days + 1) * dayMs);
}
