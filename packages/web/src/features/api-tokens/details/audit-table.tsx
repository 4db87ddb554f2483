import { CopyButton } from "../../../components/copy-button";
import { DateTime } from "../../../components/date-time";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import classes from "./details-page.module.css";

const rowFragment = graphql(/* GraphQL */ `
  fragment AuditTableRow on AuditRecord {
    id
    at
    summary
    actor {
      id
      name
    }
    ip
    userAgent
    details
  }
`);

export function AuditTable({ records }: { records: readonly FragmentType<typeof rowFragment>[] }) {
  const rows = useFragment(rowFragment, records);
  return (
    <table className={classes.table} aria-label="Audit trail">
      <thead>
        <tr>
          <th scope="col">Date</th>
          <th scope="col">What happened</th>
          <th scope="col">Actor</th>
          <th scope="col">Technical details</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((record) => (
          <tr key={record.id}>
            <td>
              <DateTime value={record.at} />
            </td>
            <td>
              {record.summary}
              <RecordJson summary={record.summary} json={record.details} />
            </td>
            <td>
              {record.actor?.name ?? "Hallpass itself"}
              <div className={classes.quiet}>{record.actor?.id}</div>
            </td>
            <td>
              {record.ip ?? "—"}
              <div className={classes.quiet}>{record.userAgent}</div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RecordJson({ summary, json }: { summary: string; json: string }) {
  const text = pretty(json);
  return (
    <details className={classes.record}>
      <summary aria-label={`Record: ${summary}`}>Record</summary>
      <div className={classes.json}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard. */}
        <pre tabIndex={0}>{text}</pre>
        <CopyButton label="Copy record" value={text} />
      </div>
    </details>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
