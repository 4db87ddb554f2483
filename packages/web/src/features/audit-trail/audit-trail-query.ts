import { useQuery } from "@apollo/client/react";
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

/** The page of records that the grid's state asks for, newest first. */
export function useAuditTrail({ page, pageSize, filter }: GridState): GridData<AuditRow> {
  const { data, previousData, loading, error, refetch } = useQuery(auditTrailDocument, {
    variables: { first: pageSize, offset: (page - 1) * pageSize, filter: toAuditFilter(filter) },
    fetchPolicy: "cache-and-network",
    notifyOnNetworkStatusChange: true,
  });
  const shown = (data ?? (loading ? previousData : undefined))?.auditTrail;
  return {
    rows: shown?.nodes,
    total: shown?.totalCount,
    loading,
    error: loading ? undefined : error,
    refresh: () => void refetch().catch(() => {}),
  };
}
