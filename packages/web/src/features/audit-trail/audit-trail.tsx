import { IconHistory } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { DataGrid } from "../../components/data-grid/data-grid";
import { useGridUrl } from "../../components/data-grid/url/use-grid-url";
import { PageMessage } from "../../components/page-message";
import type { SearchParams } from "../../lib/search-params";
import { useViewer } from "../session/viewer";
import { auditTrailGrid, objectTrailGrid } from "./audit-trail-grid";
import { type AuditRow, useAuditTrail } from "./audit-trail-query";

const RecordDialog = lazy(async () => ({ default: (await import("./record-dialog")).RecordDialog }));

interface AuditTrailProps {
  /** Only what happened to this: an identifier. */
  objectId?: string;
}

/** The account's audit trail and a record's details, both in the URL of the page. */
export function AuditTrail({ objectId }: AuditTrailProps) {
  const { account } = useViewer();
  const grid = objectId ? objectTrailGrid : auditTrailGrid;
  const url = useGridUrl(grid);
  const data = useAuditTrail(url.state, objectId);
  const { record } = useSearch({ strict: false }) as SearchParams;
  const navigate = useNavigate();
  const withoutRecord = ({ record: _, ...rest }: SearchParams) => rest;
  const close = () => navigate({ to: ".", search: withoutRecord as never, resetScroll: false });

  return (
    <>
      <DataGrid
        key={account.id}
        id={objectId ? "audit-trail-of-one" : "audit-trail"}
        scope={account.id}
        label="Audit trail"
        grid={grid}
        url={url}
        data={data}
        rowId={rowId}
        empty={<NothingYet />}
      />
      {record && (
        <Suspense>
          <RecordDialog id={record} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

const rowId = ({ id }: AuditRow) => id;

function NothingYet() {
  return (
    <PageMessage icon={<IconHistory size={32} stroke={1.4} aria-hidden="true" />} title="No records yet">
      Token changes and sign-ins will appear here.
    </PageMessage>
  );
}
