import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";

export const apiTokenActionsFragment = graphql(/* GraphQL */ `
  fragment ApiTokenActions on ApiToken {
    id
    name
    status
    availableActions
  }
`);

export function ApiTokenActionsMenu({ token }: { token: FragmentType<typeof apiTokenActionsFragment> }) {
  useFragment(apiTokenActionsFragment, token);
  return null;
}
