import { useMutation } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";
import { type ApiTokenChange, forgetAuditTrails } from "./api-token-change";

const enableApiToken = graphql(/* GraphQL */ `
  mutation EnableApiToken($input: EnableApiTokenInput!) {
    enableApiToken(input: $input) {
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

export function useEnableApiToken(): ApiTokenChange {
  const [enable] = useMutation(enableApiToken);
  return async ({ id }) => {
    const { data } = await enable({
      variables: { input: { id } },
      update: (cache) => forgetAuditTrails(cache),
    });
    return data?.enableApiToken ?? { userErrors: [] };
  };
}
