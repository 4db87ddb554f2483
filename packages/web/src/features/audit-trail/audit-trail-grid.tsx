import { useQuery } from "@apollo/client/react";
import { limits } from "@hallpass/shared";
import type { GridDefinition } from "../../components/data-grid/url/grid-url";
import { graphql } from "../../gql/gql";
import {
  ActorCell,
  DateCell,
  DetailsCell,
  ObjectCell,
  ObjectTypeCell,
  SummaryCell,
  TechnicalCell,
  ViewCell,
} from "./audit-cells";
import { eventOptions } from "./audit-events";
import type { AuditRow } from "./audit-trail-query";

const peopleDocument = graphql(/* GraphQL */ `
  query AuditFilterPeople {
    users {
      id
      name
    }
  }
`);

function usePeople() {
  const { data, loading } = useQuery(peopleDocument);
  return { options: (data?.users ?? []).map(({ id, name }) => ({ value: id, label: name })), loading };
}

/** The trail is sorted by date only, newest first by default. */
export const auditTrailGrid: GridDefinition<AuditRow> = {
  columns: [
    {
      id: "at",
      label: "Date",
      width: 120,
      cell: (record) => <DateCell record={record} />,
      fixed: true,
      sortable: true,
    },
    { id: "object", label: "Object", width: 160, cell: (record) => <ObjectCell record={record} /> },
    { id: "objectType", label: "Object type", width: 92, cell: (record) => <ObjectTypeCell record={record} /> },
    { id: "actor", label: "Actor", width: 156, cell: (record) => <ActorCell record={record} /> },
    { id: "technical", label: "Technical details", width: 126, cell: (record) => <TechnicalCell record={record} /> },
    { id: "summary", label: "Summary", width: 148, cell: (record) => <SummaryCell record={record} /> },
    { id: "details", label: "Details", width: 186, cell: (record) => <DetailsCell record={record} /> },
    { id: "view", label: "Actions", width: 118, cell: (record) => <ViewCell record={record} />, fixed: true },
  ],
  fields: [
    { id: "at", label: "Date", kind: "date" },
    { id: "object", label: "Object ID", kind: "exact" },
    { id: "actor", label: "Actor", kind: "pick", useOptions: usePeople },
    { id: "event", label: "Event", kind: "enum", options: eventOptions },
  ],
  filterLimits: { depth: 1, conditions: limits.filterConditions, joins: ["and"] },
  sortLevels: 1,
  searchLength: 0,
};

/** The trail of one object omits the object’s columns. */
export const objectTrailGrid: GridDefinition<AuditRow> = {
  ...auditTrailGrid,
  columns: auditTrailGrid.columns.filter(({ id }) => !id.startsWith("object")),
  fields: auditTrailGrid.fields.filter(({ id }) => id !== "object"),
};
