import {
  dayRange,
  type FilterCondition,
  type FilterGroup,
  type FilterNode,
} from "../../../components/data-grid/filter/filter-model";
import type { ApiTokenFilter, ApiTokenStatus } from "../../../gql/graphql";

/** Converts the grid’s search and filter to an API filter. Null for all tokens. */
export function toFilter(search: string, filter: FilterGroup | null): ApiTokenFilter | null {
  if (!search && !filter) return null;
  return { ...(search && { search }), ...(filter && fromNode(filter)) };
}

function fromNode(node: FilterNode): ApiTokenFilter {
  return node.kind === "condition" ? fromCondition(node) : { [node.join]: node.items.map(fromNode) };
}

const conditions: Record<string, (condition: FilterCondition) => ApiTokenFilter> = {
  name: ({ operator, values }) => ({ name: { [operator]: values[0] } }),
  status: ({ values }) => ({ status: values as ApiTokenStatus[] }),
  modules: ({ values }) => ({ moduleIds: values }),
  createdBy: ({ values }) => ({ createdByIds: values }),
  createdAt: (condition) => ({ createdAt: dayRange(condition) }),
  lastAccessAt: (condition) => ({ lastAccessAt: dayRange(condition) }),
  expiresAt: (condition) => ({ expiresAt: dayRange(condition) }),
  disabledAt: (condition) => ({ disabledAt: dayRange(condition) }),
  noExpiry: ({ values }) => ({ noExpiry: values[0] === "true" }),
  neverUsed: ({ values }) => ({ neverUsed: values[0] === "true" }),
};

function fromCondition(condition: FilterCondition): ApiTokenFilter {
  return conditions[condition.field]?.(condition) ?? {};
}
