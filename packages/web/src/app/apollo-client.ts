import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { ErrorLink } from "@apollo/client/link/error";
import { accountHeader } from "@hallpass/shared";
import { from, mergeMap, throwError } from "rxjs";
import { needsRecentSignIn, type TabSession } from "../features/session/tab-session";
import { possibleTypes } from "../gql/possible-types";

interface ClientOptions {
  session: TabSession;
  /** The transport. Tests pass an in-memory server. */
  transport?: ApolloLink;
  /**
   * Request timeout in milliseconds. Slow operations set their own in their context’s fetchOptions.
   */
  timeLimit?: number;
}

export function createApolloClient({ session, transport, timeLimit = 15_000 }: ClientOptions): ApolloClient {
  const sessionWatch = new ErrorLink(({ error, operation, forward }) => {
    session.report(error);
    // Once the user has signed in again, the request is sent again.
    if (needsRecentSignIn(error))
      return from(session.signInAgain()).pipe(mergeMap((did) => (did ? forward(operation) : throwError(() => error))));
  });
  return new ApolloClient({
    link: ApolloLink.from([sessionWatch, nameAccount(session), transport ?? httpLink(timeLimit)]),
    cache: new InMemoryCache({
      possibleTypes,
      typePolicies: {
        // There is only one viewer, so sign-in and account switches replace it everywhere.
        Viewer: {
          keyFields: [],
          fields: { accounts: { merge: false }, savedViews: { merge: false }, modules: { merge: false } },
        },
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

/** Adds the tab’s account to each request. An operation can set another `account` in its context, or null for none. */
function nameAccount(session: TabSession): ApolloLink {
  return new ApolloLink((operation, forward) => {
    const { headers, account = session.accountId } = operation.getContext();
    if (account) operation.setContext({ headers: { ...headers, [accountHeader]: account } });
    return forward(operation);
  });
}
