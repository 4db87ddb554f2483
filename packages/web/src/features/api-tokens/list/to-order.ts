import type { SortLevel } from "../../../components/data-grid/grid-types";
import type { ApiTokenOrder, ApiTokenOrderField } from "../../../gql/graphql";

/** Maps sortable columns to API fields. */
const orderFields: Record<string, ApiTokenOrderField> = {
  name: "NAME",
  modules: "MODULE_COUNT",
  createdBy: "CREATED_BY",
  createdAt: "CREATED_AT",
  lastAccessAt: "LAST_ACCESS_AT",
  status: "STATUS",
  id: "ID",
  expiresAt: "EXPIRES_AT",
};

/** Null for the API’s default order: newest first. */
export function toOrder(sort: readonly SortLevel[]): ApiTokenOrder[] | null {
  if (sort.length === 0) return null;
  return sort.flatMap(({ column, descending }) => {
    const field = orderFields[column];
    return field ? [{ field, direction: descending ? "DESC" : "ASC" }] : [];
  });
}

export function isSortable(column: string): boolean {
  return column in orderFields;
}
