import { NamedCell } from "../../../../components/named-cell";
import { type FragmentType, useFragment } from "../../../../gql/fragment-masking";
import { graphql } from "../../../../gql/gql";

const modulesFragment = graphql(/* GraphQL */ `
  fragment ApiTokenListModules on ApiToken {
    moduleCount
    modules {
      id
      name
    }
  }
`);

/** The number of modules, or the name of a single one. */
export function ModulesCell({ token }: { token: FragmentType<typeof modulesFragment> }) {
  const { moduleCount, modules } = useFragment(modulesFragment, token);
  const [only] = modules;
  if (moduleCount === 1 && only) return <NamedCell name={only.name} id={only.id} />;
  const names = modules.map(({ name }) => name).join(", ");
  return <span title={names}>{moduleCount === 0 ? "None" : `${moduleCount} modules`}</span>;
}
