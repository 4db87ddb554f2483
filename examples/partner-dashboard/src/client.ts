import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";

interface Access {
  /** URL of Hallpass’ GraphQL API. */
  endpoint: string;
  /** The value of an API token. Keep it in memory only: anything that runs on the page could read it from storage. */
  token: string;
}

/** A client for one token. `onExpiry` is called with the date if the token expires within 7 days. */
export function createClient({ endpoint, token }: Access, onExpiry: (at: Date) => void): ApolloClient {
  const link = new HttpLink({
    uri: endpoint,
    headers: { Authorization: `Bearer ${token}` },
    // Hallpass accepts tokens from other origins, but never cookies.
    credentials: "omit",
    async fetch(input, init) {
      const response = await fetch(input, init);
      const expiresAt = response.headers.get("Hallpass-Expires-At");
      if (expiresAt) onExpiry(new Date(expiresAt));
      return response;
    },
  });
  const cache = new InMemoryCache({
    typePolicies: { Query: { fields: { apiTokens: relayStylePagination() } } },
  });
  return new ApolloClient({ link, cache });
}
