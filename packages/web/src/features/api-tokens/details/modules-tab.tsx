import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
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

/** From so many on a list is searched rather than read. */
const searchFrom = 8;

export function ModulesTab({ token: ref }: { token: FragmentType<typeof modulesFragment> }) {
  const { modules } = useFragment(modulesFragment, ref);
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLocaleLowerCase();
  const found = modules.filter(({ id, name, description }) =>
    `${name} ${id} ${description ?? ""}`.toLocaleLowerCase().includes(wanted),
  );
  return (
    <>
      {modules.length >= searchFrom && (
        <TextInput
          type="search"
          aria-label="Search modules"
          placeholder="Search modules"
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          maw={320}
          mb="sm"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <table className={classes.table} aria-label="Modules">
        <thead>
          <tr>
            <th scope="col">Module</th>
            <th scope="col">Identifier</th>
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
        {found.length === 0 ? `No module matches “${search}”.` : ""}
      </p>
    </>
  );
}
