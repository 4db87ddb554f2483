import { IconHistory } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";
import { DataGrid } from "../../components/data-grid/data-grid";
import { useGridUrl } from "../../components/data-grid/url/use-grid-url";
import { PageMessage } from "../../components/page/page-message";
import { lazyPart } from "../../lib/lazy-part";
import type { SearchParams } from "../../lib/search-params";
import { useDefaultView } from "../saved-views/saved-views";
import { ViewsTool } from "../saved-views/views-tool";
import { useViewer } from "../session/viewer";
import { auditTrailGrid, objectTrailGrid } from "./audit-trail-grid";
import { type AuditRow, useAuditTrail } from "./audit-trail-query";

const RecordDialog = lazyPart(async () => (await import("./record-dialog")).RecordDialog);

interface AuditTrailProps {
  /** Limits the trail to the object with this ID. */
  objectId?: string;
}

/** The account’s audit trail and the details of one record. The URL holds the state of both. */
export function AuditTrail(props: AuditTrailProps) {
  const { account } = useViewer();
  // Switching accounts starts anew, so that no record of the previous account stays.
  return <AuditTrailOf key={account.id} {...props} accountId={account.id} />;
}

function AuditTrailOf({ objectId, accountId }: AuditTrailProps & { accountId: string }) {
  const grid = objectId ? objectTrailGrid : auditTrailGrid;
  const list = objectId ? "OBJECT_AUDIT_TRAIL" : "AUDIT_TRAIL";
  const url = useGridUrl(grid, useDefaultView(list));
  const data = useAuditTrail(url.state, objectId);
  const { record } = useSearch({ strict: false }) as SearchParams;
  const navigate = useNavigate();
  const withoutRecord = ({ record: _, ...rest }: SearchParams) => rest;
  const close = () => navigate({ to: ".", search: withoutRecord as never, resetScroll: false });

  return (
    <>
      <DataGrid
        id={objectId ? "audit-trail-of-one" : "audit-trail"}
        scope={accountId}
        label="Audit trail"
        views={<ViewsTool list={list} all="All records" grid={grid} url={url} />}
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
