import { DateTime } from "../../../components/time/date-time";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import type { ApiTokenEventKind } from "../../../gql/graphql";
import { isolated } from "../../../lib/isolated";
import classes from "./details-page.module.css";

const datesFragment = graphql(/* GraphQL */ `
  fragment ApiTokenDatesTab on ApiToken {
    id
    lastAccessAt
    expiresAt
    events {
      kind
      at
      by {
        id
        name
      }
    }
  }
`);

const rows: readonly { kind: ApiTokenEventKind; label: string }[] = [
  { kind: "CREATED", label: "Created" },
  { kind: "UPDATED", label: "Updated" },
  { kind: "ENABLED", label: "Enabled" },
  { kind: "DISABLED", label: "Disabled" },
  { kind: "ROTATED", label: "Rotated" },
  { kind: "DELETED", label: "Deleted" },
  { kind: "REVEALED", label: "Value shown or copied" },
];

/** Events listed even if they never happened. */
const always: readonly ApiTokenEventKind[] = ["CREATED", "UPDATED", "ENABLED", "DISABLED"];

export function DatesTab({ token: ref }: { token: FragmentType<typeof datesFragment> }) {
  const { events, lastAccessAt, expiresAt } = useFragment(datesFragment, ref);
  const latest = new Map(events.map((event) => [event.kind, event]));
  return (
    <table className={classes.table} aria-label="Dates">
      <thead>
        <tr>
          <th scope="col">Event</th>
          <th scope="col">Date</th>
          <th scope="col">By</th>
        </tr>
      </thead>
      <tbody>
        {rows
          .filter(({ kind }) => latest.has(kind) || always.includes(kind))
          .map(({ kind, label }) => {
            const event = latest.get(kind);
            return (
              <tr key={kind}>
                <th scope="row">{label}</th>
                <td>{event ? <DateTime value={event.at} /> : "—"}</td>
                <td>{event ? <By actor={event.by} /> : ""}</td>
              </tr>
            );
          })}
        <tr>
          <th scope="row">Last access</th>
          <td>{lastAccessAt ? <DateTime value={lastAccessAt} /> : "Never used"}</td>
          <td />
        </tr>
        <tr>
          <th scope="row">Expires</th>
          <td>{expiresAt ? <DateTime value={expiresAt} /> : "Never"}</td>
          <td />
        </tr>
      </tbody>
    </table>
  );
}

function By({ actor }: { actor?: { id: string; name: string } | null | undefined }) {
  if (!actor) return "System";
  return (
    <>
      {isolated(actor.name)} <span className={classes.quiet}>{actor.id}</span>
    </>
  );
}
