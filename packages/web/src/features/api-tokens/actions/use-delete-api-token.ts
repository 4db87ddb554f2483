import type { ApolloCache } from "@apollo/client";
import { useApolloClient, useMutation } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";
import { type ApiTokenChange, forgetAuditTrails, refetchApiTokenLists } from "./api-token-change";

const deleteApiToken = graphql(/* GraphQL */ `
  mutation DeleteApiToken($input: DeleteApiTokenInput!) {
    deleteApiToken(input: $input) {
      deletedId
      disabledDescendants {
        id
        status
        availableActions
        version
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export function useDeleteApiToken(): ApiTokenChange {
  const client = useApolloClient();
  const [remove] = useMutation(deleteApiToken);
  return async (input) => {
    const { data } = await remove({ variables: { input } });
    const deletedId = data?.deleteApiToken.deletedId;
    if (deletedId) {
      markDeleted(client.cache, deletedId);
      void refetchApiTokenLists(client);
    }
    return data?.deleteApiToken ?? { userErrors: [] };
  };
}

/** The token shows as deleted until the list has been read again: a row that jumps away at once looks like a mistake. */
function markDeleted(cache: ApolloCache, tokenId: string): void {
  const id = cache.identify({ __typename: "ApiToken", id: tokenId });
  if (!id) return;
  cache.modify({ id, fields: { status: () => "DELETED", availableActions: () => [] } });
  forgetAuditTrails(cache);
}
