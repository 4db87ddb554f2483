import { useMutation } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";
import type { UpdateApiTokenInput } from "../../../gql/graphql";
import { type ChangeFault, forgetAuditTrails } from "../actions/api-token-change";

const updateApiToken = graphql(/* GraphQL */ `
  mutation UpdateApiToken($input: UpdateApiTokenInput!) {
    updateApiToken(input: $input) {
      apiToken {
        ...ApiTokenChanged
        name
        description
        iconUrl
        expiresAt
        moduleCount
        modules {
          id
          name
          description
        }
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export function useUpdateApiToken() {
  const [update] = useMutation(updateApiToken);
  return async (input: UpdateApiTokenInput): Promise<readonly ChangeFault[]> => {
    const { data } = await update({
      variables: { input },
      update: (cache) => forgetAuditTrails(cache),
    });
    return data?.updateApiToken.userErrors ?? [];
  };
}
