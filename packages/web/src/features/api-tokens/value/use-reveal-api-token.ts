import { useApolloClient } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";
import type { RevealPurpose } from "../../../gql/graphql";
import { forgetAuditTrails } from "../actions/api-token-change";

const revealApiToken = graphql(/* GraphQL */ `
  mutation RevealApiToken($input: RevealApiTokenInput!) {
    revealApiToken(input: $input) {
      value
      userErrors {
        code
        field
        message
      }
    }
  }
`);

/** The server said no, in words for people. */
export class RevealRefused extends Error {}

/**
 * Fetches a token's value. Neither Apollo's cache nor a hook's state ever holds it: `useMutation` would keep its answer.
 * Throws RevealRefused, or what the network threw.
 */
export function useRevealApiToken(id: string) {
  const client = useApolloClient();
  return async (purpose: RevealPurpose): Promise<string> => {
    const { data } = await client.mutate({
      mutation: revealApiToken,
      variables: { input: { id, purpose } },
      fetchPolicy: "no-cache",
    });
    const { value, userErrors } = data?.revealApiToken ?? {};
    if (!value) throw new RevealRefused(userErrors?.[0]?.message ?? "Couldn’t read the value.");
    forgetAuditTrails(client.cache);
    return value;
  };
}
