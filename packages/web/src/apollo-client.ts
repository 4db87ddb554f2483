import {
  ApolloClient,
  type ApolloLink,
  CombinedGraphQLErrors,
  HttpLink,
  InMemoryCache,
  ServerError,
} from "@apollo/client";
import { ErrorLink } from "@apollo/client/link/error";
import { possibleTypes } from "./gql/possible-types";

interface ClientOptions {
  /** The server was asked with a session that it no longer knows. */
  onSessionEnded: () => void;
  /** How requests travel; tests put a server of their own here. */
  transport?: ApolloLink;
  /**
   * Milliseconds after which a request counts as lost; what waits for it goes on. An operation that takes long has its
   * own in its context's fetchOptions.
   */
  timeLimit?: number;
}

export function createApolloClient({ onSessionEnded, transport, timeLimit = 15_000 }: ClientOptions): ApolloClient {
  const sessionWatch = new ErrorLink(({ error }) => {
    if (isUnauthenticated(error)) onSessionEnded();
  });
  return new ApolloClient({
    link: sessionWatch.concat(transport ?? httpLink(timeLimit)),
    cache: new InMemoryCache({
      possibleTypes,
      typePolicies: {
        // There is one viewer at a time, so sign-in and a switch of accounts replace it everywhere.
        Viewer: { keyFields: [], fields: { accounts: { merge: false }, modules: { merge: false } } },
        ApiToken: {
          fields: { modules: { merge: false }, events: { merge: false }, availableActions: { merge: false } },
        },
      },
    }),
  });
}

function httpLink(timeLimit: number): ApolloLink {
  return new HttpLink({
    uri: "/graphql",
    credentials: "same-origin",
    fetch: (input, { signal, ...init }: RequestInit & { timeLimit?: number } = {}) => {
      const limit = AbortSignal.timeout(init.timeLimit ?? timeLimit);
      return fetch(input, { ...init, signal: signal ? AbortSignal.any([signal, limit]) : limit });
    },
  });
}

function isUnauthenticated(error: unknown): boolean {
  if (ServerError.is(error)) return error.statusCode === 401;
  return (
    CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED")
  );
}
