import { useMutation } from "@apollo/client/react";
import { graphql } from "../../../gql/gql";
import { type ApiTokenChange, forgetAuditTrails } from "../actions/api-token-change";

const endApiTokenRotation = graphql(/* GraphQL */ `
  mutation EndApiTokenRotation($input: EndApiTokenRotationInput!) {
    endApiTokenRotation(input: $input) {
      apiToken {
        id
        previousValueExpiresAt
        previousValueLastAccessAt
        currentValueLastAccessAt
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

/** The previous value is refused from now on. */
export function useEndRotation(): ApiTokenChange {
  const [end] = useMutation(endApiTokenRotation);
  return async ({ id }) => {
    const { data } = await end({
      variables: { input: { id } },
      update: (cache) => forgetAuditTrails(cache),
    });
    return data?.endApiTokenRotation ?? { userErrors: [] };
  };
}
