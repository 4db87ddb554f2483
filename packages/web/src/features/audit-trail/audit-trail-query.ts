import { useQuery } from "@apollo/client/react";
import { gridQuery, toGridData } from "../../components/data-grid/grid-query";
import type { GridData, GridState } from "../../components/data-grid/grid-types";
import { graphql } from "../../gql/gql";
import type { AuditTrailQuery } from "../../gql/graphql";
import { toAuditFilter } from "./to-audit-filter";

const auditTrailDocument = graphql(/* GraphQL */ `
  query AuditTrail($first: Int!, $offset: Int!, $filter: AuditRecordFilter, $orderBy: AuditRecordOrder) {
    auditTrail(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {
      total: countUpTo
      nodes {
        id
        ...AuditRecordRow
      }
    }
  }
`);

export type AuditRow = AuditTrailQuery["auditTrail"]["nodes"][number];

/** The page of records for the grid’s state, for one object or all. */
export function useAuditTrail(
  { page, pageSize, filter, sort: [level] }: GridState,
  objectId?: string,
): GridData<AuditRow> {
  const wanted = toAuditFilter(filter);
  const result = useQuery(auditTrailDocument, {
    variables: {
      first: pageSize,
      offset: (page - 1) * pageSize,
      filter: objectId ? { ...wanted, objectIds: [objectId] } : wanted,
      // Null for the API’s default order: newest first.
      orderBy: level ? { field: "AT", direction: level.descending ? "DESC" : "ASC" } : null,
    },
    ...gridQuery,
  });
  return toGridData(result, ({ auditTrail }) => auditTrail);
}
