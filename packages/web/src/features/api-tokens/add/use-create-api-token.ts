import { useApolloClient } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";
import type { CreateApiTokenMutation } from "../../../gql/graphql";
import { forgetAuditTrails, refetchApiTokenLists } from "../actions/api-token-change";
import { inputOf, type TokenDraft } from "../form/token-draft";

const createApiToken = graphql(/* GraphQL */ `
  mutation CreateApiToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) {
      apiToken {
        id
        name
        endpoint
        maskedValue
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
 * Adds a token. The same key for every try of one dialog, so that a reply that was lost does not make two tokens.
 * The answer holds the value, so it goes to the caller alone: not into Apollo's cache, not into a hook's state.
 */
export function useCreateApiToken() {
  const client = useApolloClient();
  return async (draft: TokenDraft, idempotencyKey: string): Promise<CreateApiTokenMutation["createApiToken"]> => {
    const { expiresAt, icon, ...input } = inputOf(draft);
    const { data } = await client.mutate({
      mutation: createApiToken,
      variables: {
        input: { ...input, icon: icon ?? null, expiresAt: expiresAt?.toISOString() ?? null, idempotencyKey },
      },
      fetchPolicy: "no-cache",
    });
    if (!data) throw new Error("The server sent no answer.");
    if (data.createApiToken.apiToken) {
      forgetAuditTrails(client.cache);
      void refetchApiTokenLists(client);
    }
    return data.createApiToken;
  };
}

export type CreatedToken = NonNullable<CreateApiTokenMutation["createApiToken"]["apiToken"]> & {
  /** null: the server did not say it again. */
  value: string | null;
};
