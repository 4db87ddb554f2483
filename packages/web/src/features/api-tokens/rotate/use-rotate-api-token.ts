import { useApolloClient } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";
import type { RotateApiTokenMutation } from "../../../gql/graphql";
import { forgetAuditTrails } from "../actions/api-token-change";
import { readRotation } from "./rotation-state";

const rotateApiToken = graphql(/* GraphQL */ `
  mutation RotateApiToken($input: RotateApiTokenInput!) {
    rotateApiToken(input: $input) {
      apiToken {
        id
        maskedValue
        previousValueExpiresAt
      }
      value
      userErrors {
        code
        field
        message
      }
    }
  }
`);

/**
 * Gives a token a new value. The answer holds the value, so it goes to the caller alone: not into Apollo's cache, not
 * into a hook's state. What else changed is read anew. The version keeps a request that was slow from counting after
 * another one has.
 */
export function useRotateApiToken(id: string, version: number) {
  const client = useApolloClient();
  return async (overlapSeconds: number): Promise<RotateApiTokenMutation["rotateApiToken"]> => {
    const { data } = await client.mutate({
      mutation: rotateApiToken,
      variables: { input: { id, overlapSeconds, version } },
      fetchPolicy: "no-cache",
    });
    if (!data) throw new Error("The server sent no response.");
    if (data.rotateApiToken.apiToken) {
      forgetAuditTrails(client.cache);
      // The new value is there, whether or not the page hears of the rest.
      void readRotation(client, id).catch(() => undefined);
    }
    return data.rotateApiToken;
  };
}
