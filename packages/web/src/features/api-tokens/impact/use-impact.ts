import { useQuery } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";
import type { ApiTokenImpactQuery } from "../../../gql/graphql";

const impactDocument = graphql(/* GraphQL */ `
  query ApiTokenImpact($id: ID!) {
    apiToken(id: $id) {
      id
      activeDescendantCount
      lastAccessAt
      lastAccessIp
      lastAccessUserAgent
      usage(days: 7) {
        day
        allowed
        denied
      }
    }
  }
`);

/** What is known about a token’s use. */
export type Use = Omit<NonNullable<ApiTokenImpactQuery["apiToken"]>, "__typename" | "id" | "activeDescendantCount">;

/** What an action on a token would affect. `use` and `descendants` are null if they can’t be loaded. */
export function useImpact(id: string) {
  const { data, loading } = useQuery(impactDocument, {
    variables: { id },
    fetchPolicy: "network-only",
    nextFetchPolicy: "cache-first",
  });
  const token = data?.apiToken ?? null;
  return { loading, use: token satisfies Use | null, descendants: data ? (token?.activeDescendantCount ?? 0) : null };
}
