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
  // Someone else may have changed it.
  return useQuery(policyDocument, { fetchPolicy: "cache-and-network" }).data?.accountPolicy;
}

/** Whether tokens must expire. */
export const requiresExpiry = (policy: Policy | undefined): boolean =>
  policy !== undefined && (policy.expiryRequired || policy.maxLifetimeDays != null);

/** What to know about a new value before leaving it. */
export function whenToCopy(policy: Policy | undefined): string {
  if (!policy) return "Copy it now.";
  return policy.valuesShownOnce
    ? "Copy it now: your account’s policy shows a value only once."
    : "Administrators can copy it later from the token’s page.";
}

const dayMs = 86_400_000;

/** The latest expiry now, as the server computes it. Null for any. */
export function latestExpiry(policy: Policy | undefined, now: Date): Date | null {
  const days = policy?.maxLifetimeDays;
  return days == null ? null : new Date(now.getTime() + (days + 1) * dayMs);
}
