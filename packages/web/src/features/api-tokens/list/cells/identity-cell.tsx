import { Link } from "@tanstack/react-router";
import { NamedCell } from "../../../../components/named-cell";
import { type FragmentType, useFragment } from "../../../../gql/fragment-masking";
import { graphql } from "../../../../gql/gql";

const identityFragment = graphql(/* GraphQL */ `
  fragment ApiTokenListIdentity on ApiToken {
    id
    name
    iconUrl
  }
`);

/** Logo or initials, the name linked to the token’s page, and the ID. */
export function IdentityCell({ token }: { token: FragmentType<typeof identityFragment> }) {
  const { id, name, iconUrl } = useFragment(identityFragment, token);
  const link = (
    <Link to="/settings/api-tokens/$tokenId/{-$tab}" params={{ tokenId: id }} preload={false}>
      {name}
    </Link>
  );
  return <NamedCell name={name} id={id} link={link} src={iconUrl ?? null} />;
}
