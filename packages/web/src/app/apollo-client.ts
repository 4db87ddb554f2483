import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { ErrorLink } from "@apollo/client/link/error";
import { accountHeader } from "@hallpass/shared";
import type { TabSession } from "../features/session/tab-session";
import { possibleTypes } from "../gql/possible-types";

interface ClientOptions {
  session: TabSession;
  /** How requests travel; tests put a server of their own here. */
  transport?: ApolloLink;
  /**
   * Milliseconds after which a request counts as lost; what waits for it goes on. An operation that takes long has its
   * own in its context's fetchOptions.
   */
  timeLimit?: number;
}

export function createApolloClient({ session, transport, timeLimit = 15_000 }: ClientOptions): ApolloClient {
  const sessionWatch = new ErrorLink(({ error }) => session.report(error));
  return new ApolloClient({
    link: ApolloLink.from([sessionWatch, nameAccount(session), transport ?? httpLink(timeLimit)]),
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

/** An operation that is not about the account the tab shows says so with `account` in its context; null: about none. */
function nameAccount(session: TabSession): ApolloLink {
  return new ApolloLink((operation, forward) => {
    const { headers, account = session.accountId } = operation.getContext();
    if (account) operation.setContext({ headers: { ...headers, [accountHeader]: account } });
    return forward(operation);
  });
}
