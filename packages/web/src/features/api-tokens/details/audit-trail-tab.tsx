import { useQuery } from "@apollo/client/react";
import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { ErrorState } from "../../../components/error-state";
import { graphql } from "../../../gql/gql";
import { AuditTable } from "./audit-table";

const apiTokenAuditTrail = graphql(/* GraphQL */ `
  query ApiTokenAuditTrail($id: ID!, $first: Int!, $offset: Int!) {
    apiToken(id: $id) {
      id
      auditTrail(first: $first, offset: $offset) {
        totalCount
        nodes {
          id
          ...AuditTableRow
        }
      }
    }
  }
`);

const pageSize = 10;

export function AuditTrailTab({ tokenId }: { tokenId: string }) {
  const [page, setPage] = useState(0);
  const { data, previousData, error, refetch } = useQuery(apiTokenAuditTrail, {
    variables: { id: tokenId, first: pageSize, offset: page * pageSize },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
  });
  // The page before stays while the next one comes, so nothing jumps.
  const trail = (data ?? previousData)?.apiToken?.auditTrail;

  if (!data && error) {
    return (
      <ErrorState
        title="The audit trail could not be read"
        error={error}
        onRetry={() => void refetch().catch(() => undefined)}
      />
    );
  }
  if (!trail) return <TrailSkeleton />;
  if (trail.totalCount === 0) return <Text size="sm">Nothing has happened to this API token yet.</Text>;
  const pages = Math.ceil(trail.totalCount / pageSize);
  return (
    <div aria-busy={!data || undefined}>
      <AuditTable records={trail.nodes} />
      {pages > 1 && (
        <Group component="nav" aria-label="Pages of the audit trail" gap="sm" mt="md">
          <Button variant="default" size="xs" disabled={page === 0} onClick={() => setPage(page - 1)}>
            Previous
          </Button>
          <Text size="sm" role="status">
            Page {page + 1} of {pages}
          </Text>
          <Button variant="default" size="xs" disabled={page + 1 >= pages} onClick={() => setPage(page + 1)}>
            Next
          </Button>
        </Group>
      )}
    </div>
  );
}

function TrailSkeleton() {
  return (
    <Stack gap="sm" role="status" aria-label="Loading the audit trail">
      {["a", "b", "c", "d", "e"].map((key) => (
        <Skeleton key={key} h={40} />
      ))}
    </Stack>
  );
}
