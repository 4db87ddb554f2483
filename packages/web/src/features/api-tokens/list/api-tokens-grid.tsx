import { useQuery } from "@apollo/client/react";
import { limits, searchTermOf } from "@hallpass/shared";
import type { FilterField } from "../../../components/data-grid/filter/filter-model";
import type { GridColumn } from "../../../components/data-grid/grid-types";
import type { GridDefinition } from "../../../components/data-grid/url/grid-url";
import { graphql } from "../../../gql/gql";
import { ApiTokenActionsMenu } from "../actions/actions-menu";
import type { ApiTokenRow } from "./api-tokens-query";
import {
  CreatedAtCell,
  CreatedByCell,
  DescriptionCell,
  ExpiresAtCell,
  LastAccessCell,
  StatusCell,
} from "./cells/fact-cells";
import { IdentityCell } from "./cells/identity-cell";
import { ModulesCell } from "./cells/modules-cell";
import { isSortable } from "./to-order";

const filterOptionsDocument = graphql(/* GraphQL */ `
  query ApiTokenFilterOptions {
    modules {
      id
      name
    }
    users {
      id
      name
    }
  }
`);

function usePickOptions(kind: "modules" | "users") {
  const { data, loading } = useQuery(filterOptionsDocument);
  const options = (data?.[kind] ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return { options, loading };
}

const column = (
  id: string,
  label: string,
  width: number,
  cell: GridColumn<ApiTokenRow>["cell"],
  more: Partial<GridColumn<ApiTokenRow>> = {},
): GridColumn<ApiTokenRow> => ({ id, label, width, cell, sortable: isSortable(id), ...more });

const columns: GridColumn<ApiTokenRow>[] = [
  column("name", "API token", 230, (token) => <IdentityCell token={token} />, { fixed: true }),
  column("id", "ID", 150, (token) => token.id, { optional: true }),
  column("description", "Description", 240, (token) => <DescriptionCell token={token} />, { optional: true }),
  column("modules", "Modules", 136, (token) => <ModulesCell token={token} />),
  column("createdBy", "Created by", 172, (token) => <CreatedByCell token={token} />),
  column("createdAt", "Date created", 142, (token) => <CreatedAtCell token={token} />),
  column("lastAccessAt", "Last access", 134, (token) => <LastAccessCell token={token} />),
  column("expiresAt", "Expires", 130, (token) => <ExpiresAtCell token={token} />, { optional: true }),
  column("status", "Status", 172, (token) => <StatusCell token={token} />),
  column("actions", "Actions", 76, (token) => <ApiTokenActionsMenu token={token} />, { fixed: true }),
];

const statuses = [
  { value: "ACTIVE", label: "Active" },
  { value: "DISABLED", label: "Disabled" },
];

/** Only operator accounts may see deleted tokens, so only they get the option. */
export function apiTokensGrid(seesDeleted: boolean): GridDefinition<ApiTokenRow> {
  const fields: FilterField[] = [
    { id: "name", label: "Name", kind: "text" },
    {
      id: "status",
      label: "Status",
      kind: "enum",
      options: seesDeleted ? [...statuses, { value: "DELETED", label: "Deleted" }] : statuses,
    },
    { id: "modules", label: "Modules", kind: "pick", useOptions: () => usePickOptions("modules") },
    { id: "createdBy", label: "Created by", kind: "pick", useOptions: () => usePickOptions("users") },
    { id: "createdAt", label: "Date created", kind: "date" },
    { id: "lastAccessAt", label: "Last access", kind: "date" },
    { id: "neverUsed", label: "Never used", kind: "boolean" },
    { id: "expiresAt", label: "Expires", kind: "date" },
    { id: "disabledAt", label: "Date disabled", kind: "date" },
    { id: "noExpiry", label: "No expiry", kind: "boolean" },
  ];
  return {
    columns,
    fields,
    // One condition is reserved for the search box.
    filterLimits: { depth: limits.filterDepth, conditions: limits.filterConditions - 1, joins: ["and", "or"] },
    sortLevels: limits.orderLevels,
    searchLength: limits.searchLength,
    searchTermOf,
  };
}
