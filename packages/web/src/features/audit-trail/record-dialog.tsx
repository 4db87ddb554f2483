import { useQuery } from "@apollo/client/react";
import { Modal, Skeleton, Text } from "@mantine/core";
import { CopyButton } from "../../components/copy-button";
import { ErrorState } from "../../components/page/error-state";
import { DateTime } from "../../components/time/date-time";
import { type FragmentType, useFragment } from "../../gql/fragment-masking";
import { graphql } from "../../gql/gql";
import { isolated } from "../../lib/isolated";
import { useFocusBack } from "../../lib/use-focus-back";
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

/** One record with its JSON. */
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
        <ErrorState title="Couldn’t load the record" error={error} onRetry={() => void refetch().catch(() => {})} />
      )}
      {!loading && !error && (record ? <Record record={record} /> : <Text>This account has no such record.</Text>)}
    </Modal>
  );
}

function Record({ record: ref }: { record: FragmentType<typeof auditRecordFragment> }) {
  const record = useFragment(auditRecordFragment, ref);
  const json = pretty(record.details);
  const facts = [
    ["Date", <DateTime key="date" value={record.at} />],
    ["Summary", isolated(record.summary)],
    ["Event", `${eventLabel(record.event)} (${record.event})`],
    ["Object", `${objectType(record.objectId)} ${isolated(record.objectName)} (${record.objectId})`],
    ["Actor", record.actor ? `${isolated(record.actor.name)} (${record.actor.id})` : actorless(record.event)],
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
        <h3>Full record</h3>
        <CopyButton label="Copy record" value={json} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be focusable */}
      <pre className={classes.json} tabIndex={0}>
        {json}
      </pre>
    </>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2).replace(invisible, (mark) => escaped(mark));
  } catch {
    return json;
  }
}

/** Invisible and bidirectional characters, shown as JSON escapes. */
const invisible = /[\u007F-\u009F\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/g;
const escaped = (mark: string) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`;
