import { useMutation } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";
import { type ApiTokenChange, forgetAuditTrails } from "./api-token-change";

const disableApiToken = graphql(/* GraphQL */ `
  mutation DisableApiToken($input: DisableApiTokenInput!) {
    disableApiToken(input: $input) {
      apiToken {
        ...ApiTokenChanged
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
  return async (id) => {
    const { data } = await disable({
      variables: { input: { id } },
      update: (cache) => forgetAuditTrails(cache),
    });
    return data?.disableApiToken.userErrors ?? [];
  };
}
