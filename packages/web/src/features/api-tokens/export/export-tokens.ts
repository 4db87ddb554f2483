import type { ApolloClient } from "@apollo/client";
import { limits } from "@hallpass/shared";
import type { GridColumn, GridState } from "../../../components/data-grid/grid-types";
import { graphql } from "../../../gql/gql";
import type { ExportedApiTokensQuery } from "../../../gql/graphql";
import { byteOrderMark, csvLine } from "../../../lib/csv";
import { toFilter } from "../list/to-filter";
import { toOrder } from "../list/to-order";

const exportDocument = graphql(/* GraphQL */ `
  query ExportedApiTokens($first: Int!, $after: String, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {
    apiTokens(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      nodes {
        id
        name
        description
        status
        createdAt
        lastAccessAt
        expiresAt
        createdBy {
          id
          name
        }
        modules {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type Token = ExportedApiTokensQuery["apiTokens"]["nodes"][number];

/** Times are in UTC (RFC 3339). */
const values: Record<string, (token: Token) => string> = {
  name: ({ name }) => name,
  description: ({ description }) => description ?? "",
  modules: ({ modules }) => modules.map(({ id, name }) => `${id} ${name}`).join("; "),
  createdBy: ({ createdBy }) => createdBy?.name ?? "",
  createdAt: ({ createdAt }) => createdAt,
  lastAccessAt: ({ lastAccessAt }) => lastAccessAt ?? "",
  expiresAt: ({ expiresAt }) => expiresAt ?? "",
  status: ({ status }) => status,
};

/**
 * The tokens that match the grid’s search and filter, in its order and with its columns, as CSV. IDs always come first.
 * `onProgress` gets the number of tokens so far. Throws if a page can’t be read: a partial file would look complete.
 */
export async function exportTokens(
  client: ApolloClient,
  state: Pick<GridState, "search" | "filter" | "sort" | "columns">,
  columns: readonly Pick<GridColumn<never>, "id" | "label">[],
  onProgress: (count: number) => void,
): Promise<{ file: Blob; count: number }> {
  const shown = columns.filter(({ id }) => values[id] && state.columns.includes(id));
  const parts = [byteOrderMark, csvLine(["ID", ...shown.map(({ label }) => label)])];
  let count = 0;
  for (let after: string | null = null; ; ) {
    const page: ExportedApiTokensQuery["apiTokens"] = await readPage(client, state, after);
    for (const token of page.nodes)
      parts.push(csvLine([token.id, ...shown.map(({ id }) => values[id]?.(token) ?? "")]));
    count += page.nodes.length;
    onProgress(count);
    if (!page.pageInfo.hasNextPage) return { file: new Blob(parts, { type: "text/csv;charset=utf-8" }), count };
    after = page.pageInfo.endCursor ?? null;
  }
}

async function readPage(
  client: ApolloClient,
  { search, filter, sort }: Pick<GridState, "search" | "filter" | "sort">,
  after: string | null,
) {
  const { data } = await client.query({
    query: exportDocument,
    variables: { first: limits.pageSize, after, filter: toFilter(search, filter), orderBy: toOrder(sort) },
    fetchPolicy: "no-cache",
  });
  if (!data) throw new Error("The server sent no tokens.");
  return data.apiTokens;
}
