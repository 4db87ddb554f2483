import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { gridQuery, toGridData } from "../../../components/data-grid/grid-query";
import type { GridData, GridState } from "../../../components/data-grid/grid-types";
import { graphql } from "../../../gql/gql";
import type { ApiTokensQuery } from "../../../gql/graphql";
import { isJustRead } from "./start-query";
import { toFilter } from "./to-filter";
import { toOrder } from "./to-order";

export const apiTokensDocument = graphql(/* GraphQL */ `
  query ApiTokens($first: Int!, $offset: Int!, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {
    apiTokens(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {
      total: countUpTo
      nodes {
        id
        name
        ...ApiTokenListIdentity
        ...ApiTokenListModules
        ...ApiTokenListFacts
        ...ApiTokenActions
      }
    }
  }
`);

export type ApiTokenRow = ApiTokensQuery["apiTokens"]["nodes"][number];

/** The page of tokens for the grid’s state. */
export function useApiTokens({ page, pageSize, search, sort, filter }: GridState): GridData<ApiTokenRow> {
  const [justRead] = useState(isJustRead);
  const result = useQuery(apiTokensDocument, {
    variables: {
      first: pageSize,
      offset: (page - 1) * pageSize,
      filter: toFilter(search, filter),
      orderBy: toOrder(sort),
    },
    ...gridQuery,
    ...(justRead && { fetchPolicy: "cache-first", nextFetchPolicy: gridQuery.fetchPolicy }),
  });
  return toGridData(result, ({ apiTokens }) => apiTokens);
}
