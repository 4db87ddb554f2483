import { useMutation } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";
import { type ApiTokenChange, forgetAuditTrails } from "./api-token-change";

const disableApiToken = graphql(/* GraphQL */ `
  mutation DisableApiToken($input: DisableApiTokenInput!) {
    disableApiToken(input: $input) {
      apiToken {
        ...ApiTokenChanged
        activeDescendantCount
      }
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

export function useDisableApiToken(): ApiTokenChange {
  const [disable] = useMutation(disableApiToken);
  return async (input) => {
    const { data } = await disable({
      variables: { input },
      update: (cache) => forgetAuditTrails(cache),
    });
    return data?.disableApiToken ?? { userErrors: [] };
  };
}
