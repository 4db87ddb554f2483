import { gql, type TypedDocumentNode } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { explainError } from "./explain-error";

interface TokensData {
  viewer: { account: { name: string } };
  apiTokens: {
    edges: { node: { id: string; name: string; status: string; lastAccessAt: string | null } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const tokensQuery: TypedDocumentNode<TokensData, { first: number; after?: string | null }> = gql`
  query Tokens($first: Int!, $after: String) {
    viewer {
      account {
        id
        name
      }
    }
    apiTokens(first: $first, after: $after) {
      edges {
        node {
          id
          name
          status
          lastAccessAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function Tokens() {
  const { data, error, refetch, fetchMore } = useQuery(tokensQuery, { variables: { first: 5 } });
  // A failed next page leaves the rows above it in place.
  const [pageError, setPageError] = useState<Error | null>(null);
  if (!data)
    return error ? (
      <p role="alert">
        {explainError(error)}{" "}
        <button type="button" onClick={() => void refetch().catch(() => undefined)}>
          Retry
        </button>
      </p>
    ) : (
      <p>Loading…</p>
    );
  const { edges, pageInfo } = data.apiTokens;
  const loadMore = () => {
    setPageError(null);
    fetchMore({ variables: { first: 5, after: pageInfo.endCursor } }).catch(setPageError);
  };
  return (
    <>
      <h2>API tokens of {data.viewer.account.name}</h2>
      <table aria-label="API tokens">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Status</th>
            <th scope="col">Last access</th>
          </tr>
        </thead>
        <tbody>
          {edges.map(({ node }) => (
            <tr key={node.id}>
              <th scope="row">{node.name}</th>
              <td>{node.status === "ACTIVE" ? "Active" : "Disabled"}</td>
              <td>{node.lastAccessAt ? date.format(new Date(node.lastAccessAt)) : "Never"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {pageError && <p role="alert">{explainError(pageError)}</p>}
      {pageInfo.hasNextPage && (
        <button type="button" onClick={loadMore}>
          Load more
        </button>
      )}
    </>
  );
}
