import { Text } from "@mantine/core";
import { NamedCell } from "../../../../components/named-cell";
import { StatusBadge } from "../../../../components/status-badge";
import { DateTime } from "../../../../components/time/date-time";
import { RelativeTime } from "../../../../components/time/relative-time";
import { type FragmentType, useFragment } from "../../../../gql/fragment-masking";
import { graphql } from "../../../../gql/gql";
import { ExpiryBadge } from "./expiry-badge";
import { RotationBadge } from "./rotation-badge";

const factsFragment = graphql(/* GraphQL */ `
  fragment ApiTokenListFacts on ApiToken {
    description
    createdBy {
      id
      name
    }
    createdAt
    lastAccessAt
    expiresAt
    status
    previousValueExpiresAt
  }
`);

interface CellProps {
  token: FragmentType<typeof factsFragment>;
}

export function StatusCell({ token }: CellProps) {
  const facts = useFragment(factsFragment, token);
  return (
    <>
      <StatusBadge status={facts.status} /> <ExpiryBadge token={facts} />{" "}
      <RotationBadge endsAt={facts.previousValueExpiresAt} />
    </>
  );
}

export function CreatedByCell({ token }: CellProps) {
  const { createdBy } = useFragment(factsFragment, token);
  if (!createdBy) return <Text c="dimmed">System</Text>;
  return <NamedCell name={createdBy.name} id={createdBy.id} round={createdBy.id.startsWith("USR-")} />;
}

export function CreatedAtCell({ token }: CellProps) {
  return <DateTime stacked value={useFragment(factsFragment, token).createdAt} />;
}

export function LastAccessCell({ token }: CellProps) {
  return <RelativeTime value={useFragment(factsFragment, token).lastAccessAt} />;
}

export function ExpiresAtCell({ token }: CellProps) {
  return <DateTime stacked value={useFragment(factsFragment, token).expiresAt} />;
}

export function DescriptionCell({ token }: CellProps) {
  const { description } = useFragment(factsFragment, token);
  return (
    <Text size="sm" lineClamp={2} title={description ?? undefined} {...(!description && { c: "dimmed" })}>
      {description ?? "None"}
    </Text>
  );
}
