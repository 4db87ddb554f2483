import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { NamedCell } from "../../components/named-cell";
import { DateTime } from "../../components/time/date-time";
import { type FragmentType, useFragment } from "../../gql/fragment-masking";
import { graphql } from "../../gql/gql";
import { isolated } from "../../lib/isolated";
import type { SearchParams } from "../../lib/search-params";
import { actorless, eventLabel, objectType } from "./audit-events";
import { describeChanges } from "./describe-changes";

export const auditRecordFragment = graphql(/* GraphQL */ `
  fragment AuditRecordRow on AuditRecord {
    id
    at
    event
    summary
    objectId
    objectName
    actor {
      id
      name
    }
    ip
    userAgent
    details
  }
`);

interface CellProps {
  record: FragmentType<typeof auditRecordFragment>;
}

export function DateCell({ record }: CellProps) {
  return <DateTime stacked value={useFragment(auditRecordFragment, record).at} />;
}

export function ObjectCell({ record }: CellProps) {
  const { objectId, objectName } = useFragment(auditRecordFragment, record);
  return (
    <NamedCell name={objectName} id={objectId} link={tokenLink(objectId, objectName)} round={isPerson(objectId)} />
  );
}

export function ObjectTypeCell({ record }: CellProps) {
  return objectType(useFragment(auditRecordFragment, record).objectId);
}

export function ActorCell({ record }: CellProps) {
  const { actor, event } = useFragment(auditRecordFragment, record);
  if (!actor) return <Quiet>{actorless(event)}</Quiet>;
  return (
    <NamedCell name={actor.name} id={actor.id} link={tokenLink(actor.id, actor.name)} round={isPerson(actor.id)} />
  );
}

export function TechnicalCell({ record }: CellProps) {
  const { ip, userAgent } = useFragment(auditRecordFragment, record);
  return (
    <>
      {ip ?? "—"}
      <Text size="xs" c="dimmed" truncate title={userAgent ?? undefined}>
        {userAgent}
      </Text>
    </>
  );
}

export function SummaryCell({ record }: CellProps) {
  const { summary } = useFragment(auditRecordFragment, record);
  return (
    <Text size="sm" lineClamp={2} title={summary}>
      {isolated(summary)}
    </Text>
  );
}

export function DetailsCell({ record }: CellProps) {
  const { details, event } = useFragment(auditRecordFragment, record);
  const text = describeChanges(details) || eventLabel(event);
  return (
    <Text size="sm" c="dimmed" lineClamp={2} title={text}>
      {text}
    </Text>
  );
}

/** Records have their own URL, so that they can be shared. */
export function ViewCell({ record }: CellProps) {
  const { id, summary } = useFragment(auditRecordFragment, record);
  return (
    <Anchor
      size="sm"
      renderRoot={(props) => (
        <Link
          to="."
          search={((old: SearchParams) => ({ ...old, record: id })) as never}
          resetScroll={false}
          aria-label={`View details: ${summary}`}
          {...props}
        />
      )}
    >
      View details
    </Anchor>
  );
}

const isPerson = (id: string) => id.startsWith("USR-");

function tokenLink(id: string, name: string): ReactNode {
  if (!id.startsWith("TKN-")) return undefined;
  return (
    <Link to="/settings/api-tokens/$tokenId/{-$tab}" params={{ tokenId: id }} preload={false}>
      {name}
    </Link>
  );
}

function Quiet({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}
