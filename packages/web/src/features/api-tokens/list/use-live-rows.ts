import { useApolloClient } from "@apollo/client/react";
import { useEffect, useEffectEvent, useState } from "react";
import { graphql } from "../../../gql/gql";
import type { ApiTokenFilter } from "../../../gql/graphql";
import { isWatched } from "../../../lib/is-watched";

const liveDocument = graphql(/* GraphQL */ `
  query LiveApiTokens($ids: [ID!]!, $filter: ApiTokenFilter) {
    nodes(ids: $ids) {
      id
      ... on ApiToken {
        id
        name
        ...ApiTokenListIdentity
        ...ApiTokenListModules
        ...ApiTokenListFacts
        ...ApiTokenActions
      }
    }
    count: apiTokens(first: 1, filter: $filter) {
      total: countUpTo(limit: 10001)
    }
  }
`);

/** Milliseconds between two updates. */
const updateEvery = 10_000;

/**
 * Updates the rows on screen, including changes made by others, while the page is watched. Rows keep their places: whether
 * tokens were added or removed since is returned, and takes a refresh to show.
 */
export function useLiveRows(ids: readonly string[], filter: ApiTokenFilter | null, total: number | undefined) {
  const client = useApolloClient();
  const [seen, setSeen] = useState<{ of: number | undefined; isOutdated: boolean }>();
  const update = useEffectEvent(async () => {
    if (!isWatched() || total === undefined) return;
    const { data } = await client.query({
      query: liveDocument,
      variables: { ids: [...ids], filter },
      fetchPolicy: "network-only",
    });
    if (!data) return;
    const isOutdated = data.count.total !== total || data.nodes.includes(null);
    setSeen({ of: total, isOutdated });
  });
  useEffect(() => {
    // The next update makes up for one that failed.
    const timer = setInterval(() => void update().catch(() => undefined), updateEvery);
    return () => clearInterval(timer);
  }, []);
  return seen !== undefined && seen.of === total && seen.isOutdated;
}
