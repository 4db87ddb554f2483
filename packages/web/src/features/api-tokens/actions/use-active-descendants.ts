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

/** How many active tokens a token has created, directly or through others, as it is now. count: null when it could not be read. */
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
