import type { ApolloClient } from "@apollo/client";
import { limits } from "@hallpass/shared";
import type { GridState } from "../../../components/data-grid/grid-types";
import { graphql } from "../../../gql/gql";
import { toFilter } from "../list/to-filter";
import { toOrder } from "../list/to-order";

const matchingDocument = graphql(/* GraphQL */ `
  query MatchingApiTokens($first: Int!, $after: String, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {
    apiTokens(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      nodes {
        id
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type Chosen = Pick<GridState, "search" | "filter" | "sort">;

/** IDs of the tokens that match the grid’s search and filter: the first 1,000 in its order. */
export async function readMatchingIds(client: ApolloClient, chosen: Chosen): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ids.length < limits.tokensPerChange; ) {
    const page = await readPage(client, chosen, after);
    ids.push(...page.ids);
    after = page.next;
    if (after === null) break;
  }
  return ids.slice(0, limits.tokensPerChange);
}

async function readPage(client: ApolloClient, { search, filter, sort }: Chosen, after: string | null) {
  const { data } = await client.query({
    query: matchingDocument,
    variables: { first: limits.pageSize, after, filter: toFilter(search, filter), orderBy: toOrder(sort) },
    fetchPolicy: "no-cache",
  });
  const { nodes = [], pageInfo } = data?.apiTokens ?? {};
  return { ids: nodes.map(({ id }) => id), next: pageInfo?.hasNextPage ? (pageInfo.endCursor ?? null) : null };
}
