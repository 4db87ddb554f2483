import { useState } from "react";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import { ModuleSearch, matchesModule, searchFrom } from "../form/modules/module-search";
import classes from "./details-page.module.css";

const modulesFragment = graphql(/* GraphQL */ `
  fragment ApiTokenModulesTab on ApiToken {
    id
    modules {
      id
      name
      description
    }
  }
`);

export function ModulesTab({ token: ref }: { token: FragmentType<typeof modulesFragment> }) {
  const { modules } = useFragment(modulesFragment, ref);
  const [search, setSearch] = useState("");
  const found = modules.filter((module) => matchesModule(module, search));
  return (
    <>
      {modules.length >= searchFrom && <ModuleSearch maw={320} mb="sm" value={search} onChange={setSearch} />}
      <table className={classes.table} aria-label="Modules">
        <thead>
          <tr>
            <th scope="col">Module</th>
            <th scope="col">ID</th>
            <th scope="col">Description</th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ id, name, description }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>{id}</td>
              <td>{description ?? "—"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.why} role="status">
        {modules.length === 0 && "This API token has no modules."}
        {modules.length > 0 && found.length === 0 && `No module matches “${search}”.`}
      </p>
    </>
  );
}
