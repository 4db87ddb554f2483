import type { ApolloClient } from "@apollo/client";
import { graphql } from "../../../gql/gql";
import type { StartQuery, StartQueryVariables } from "../../../gql/graphql";

/** The Viewer and ApiTokens queries in one request for the same account. */
export const startDocument = graphql(/* GraphQL */ `
  query Start($first: Int!, $offset: Int!, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {
    viewer {
      role
      actor {
        id
        name
      }
      account {
        id
        name
        type
      }
      accounts {
        id
        name
        type
      }
      ...ViewerSavedViews
    }
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

/** The request start.ts sends before the app’s code arrives. */
export interface StartRequest {
  variables: StartQueryVariables;
  /** Has no data if the request failed. `at` is in ms since 1970. */
  response: Promise<{ data?: StartQuery | null; at?: number }>;
}

/** How long, in ms, the response makes a second request unnecessary. */
const freshFor = 10_000;
let readAt = 0;

/** Writes the response of start.ts to the cache, once. */
export async function takeStart(
  client: ApolloClient,
  page: { hallpassStart?: StartRequest | undefined } = window as { hallpassStart?: StartRequest },
): Promise<void> {
  const start = page.hallpassStart;
  page.hallpassStart = undefined;
  if (!start) return;
  const { data, at = 0 } = await start.response;
  if (!data?.viewer) return;
  client.writeQuery({ query: startDocument, variables: start.variables, data });
  readAt = at;
}

/** Whether the cached list is recent enough to show without another request. */
export const isJustRead = () => Date.now() - readAt < freshFor;
