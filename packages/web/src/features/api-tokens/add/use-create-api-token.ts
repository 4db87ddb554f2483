import { useApolloClient } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";
import type { CreateApiTokenInput, CreateApiTokenMutation } from "../../../gql/graphql";
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

export function createInputOf(draft: TokenDraft, idempotencyKey: string): CreateApiTokenInput {
  const { expiresAt, icon, ...input } = inputOf(draft);
  return { ...input, icon: icon ?? null, expiresAt: expiresAt?.toISOString() ?? null, idempotencyKey };
}

/** The answer holds the value, so it goes to the caller alone: not into Apollo's cache, not into a hook's state. */
export function useCreateApiToken() {
  const client = useApolloClient();
  return async (input: CreateApiTokenInput): Promise<CreateApiTokenMutation["createApiToken"]> => {
    const { data } = await client.mutate({ mutation: createApiToken, variables: { input }, fetchPolicy: "no-cache" });
    if (!data) throw new Error("The server sent no response.");
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
  /** An attempt whose reply was lost added it, with what was entered then. */
  earlier: boolean;
};
