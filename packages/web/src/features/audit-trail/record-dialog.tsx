import { useQuery } from "@apollo/client/react";
import { Modal, Skeleton, Text } from "@mantine/core";
import { CopyButton } from "../../components/copy-button";
import { DateTime } from "../../components/date-time";
import { ErrorState } from "../../components/error-state";
import { useFocusBack } from "../../components/use-focus-back";
import { type FragmentType, useFragment } from "../../gql/fragment-masking";
import { graphql } from "../../gql/gql";
import { auditRecordFragment } from "./audit-cells";
import { actorless, eventLabel, objectType } from "./audit-events";
import classes from "./record-dialog.module.css";

const recordDocument = graphql(/* GraphQL */ `
  query AuditRecord($id: ID!) {
    node(id: $id) {
      id
      ... on AuditRecord {
        sequence
        ...AuditRecordRow
      }
    }
  }
`);

/** One record of the trail, with its JSON. */
export function RecordDialog({ id, onClose }: { id: string; onClose: () => void }) {
  useFocusBack();
  const { data, error, loading, refetch } = useQuery(recordDocument, { variables: { id } });
  const record = data?.node && "sequence" in data.node ? data.node : null;
  return (
    <Modal
      opened
      onClose={onClose}
      returnFocus={false}
      size="lg"
      title={record ? `Record ${record.sequence}` : "Record"}
    >
      {loading && <Skeleton height={240} />}
      {error && (
        <ErrorState
          title="The record could not be loaded"
          error={error}
          onRetry={() => void refetch().catch(() => {})}
        />
      )}
      {!loading &&
        !error &&
        (record ? <Record record={record} /> : <Text>There is no such record in this account.</Text>)}
    </Modal>
  );
}

function Record({ record: ref }: { record: FragmentType<typeof auditRecordFragment> }) {
  const record = useFragment(auditRecordFragment, ref);
  const json = pretty(record.details);
  const facts = [
    ["Date", <DateTime key="date" value={record.at} />],
    ["What happened", record.summary],
    ["Event", `${eventLabel(record.event)} (${record.event})`],
    ["Object", `${objectType(record.objectId)} ${record.objectName} (${record.objectId})`],
    ["Actor", record.actor ? `${record.actor.name} (${record.actor.id})` : actorless(record.event)],
    ["IP address", record.ip ?? "—"],
    ["User agent", record.userAgent ?? "—"],
  ] as const;
  return (
    <>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={classes.heading}>
        <h3>Whole record</h3>
        <CopyButton label="Copy record" value={json} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <pre className={classes.json} tabIndex={0}>
        {json}
      </pre>
    </>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
