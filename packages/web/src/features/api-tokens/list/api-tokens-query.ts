import { useQuery } from "@apollo/client/react";
import { gridQuery, toGridData } from "../../../components/data-grid/grid-query";
import type { GridData, GridState } from "../../../components/data-grid/grid-types";
import { graphql } from "../../../gql/gql";
import type { ApiTokensQuery } from "../../../gql/graphql";
import { toFilter } from "./to-filter";
import { toOrder } from "./to-order";

const apiTokensDocument = graphql(/* GraphQL */ `
  query ApiTokens($first: Int!, $offset: Int!, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {
    apiTokens(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {
      totalCount
      nodes {
        id
        ...ApiTokenListIdentity
        ...ApiTokenListModules
        ...ApiTokenListFacts
        ...ApiTokenActions
      }
    }
  }
`);

export type ApiTokenRow = ApiTokensQuery["apiTokens"]["nodes"][number];

/** The page of tokens that the grid's state asks for. */
export function useApiTokens({ page, pageSize, search, sort, filter }: GridState): GridData<ApiTokenRow> {
  const result = useQuery(apiTokensDocument, {
    variables: {
      first: pageSize,
      offset: (page - 1) * pageSize,
      filter: toFilter(search, filter),
      orderBy: toOrder(sort),
    },
    ...gridQuery,
  });
  return toGridData(result, ({ apiTokens }) => apiTokens);
}
