import { useQuery } from "@apollo/client/react";
import { gridQuery, toGridData } from "../../components/data-grid/grid-query";
import type { GridData, GridState } from "../../components/data-grid/grid-types";
import { graphql } from "../../gql/gql";
import type { AuditTrailQuery } from "../../gql/graphql";
import { toAuditFilter } from "./to-audit-filter";

const auditTrailDocument = graphql(/* GraphQL */ `
  query AuditTrail($first: Int!, $offset: Int!, $filter: AuditRecordFilter) {
    auditTrail(first: $first, offset: $offset, filter: $filter) {
      totalCount
      nodes {
        id
        ...AuditRecordRow
      }
    }
  }
`);

export type AuditRow = AuditTrailQuery["auditTrail"]["nodes"][number];

/** The page of records for the grid’s state, newest first, for one object or all. */
export function useAuditTrail({ page, pageSize, filter }: GridState, objectId?: string): GridData<AuditRow> {
  const wanted = toAuditFilter(filter);
  const result = useQuery(auditTrailDocument, {
    variables: {
      first: pageSize,
      offset: (page - 1) * pageSize,
      filter: objectId ? { ...wanted, objectIds: [objectId] } : wanted,
    },
    ...gridQuery,
  });
  return toGridData(result, ({ auditTrail }) => auditTrail);
}
