import { useQuery } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";

const activeDescendants = graphql(/* GraphQL */ `
  query ActiveDescendants($id: ID!) {
    apiToken(id: $id) {
      id
      activeDescendantCount
    }
  }
`);

/** Counts a token’s active descendants. `count` is null if it can’t be loaded. */
export function useActiveDescendants(id: string, asks: boolean) {
  const { data, loading } = useQuery(activeDescendants, {
    variables: { id },
    skip: !asks,
    fetchPolicy: "network-only",
    nextFetchPolicy: "cache-first",
  });
  const count = data ? (data.apiToken?.activeDescendantCount ?? 0) : null;
  return { loading: asks && loading, count, mayExist: asks && !loading && count !== 0 };
}
