import { IconHistory } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { DataGrid } from "../../components/data-grid/data-grid";
import { useGridAddress } from "../../components/data-grid/use-grid-address";
import { PageLayout } from "../../components/page-layout";
import { PageMessage } from "../../components/page-message";
import type { SearchParams } from "../../components/search-params";
import { useViewer } from "../session/viewer";
import { auditTrailGrid } from "./audit-trail-grid";
import { type AuditRow, useAuditTrail } from "./audit-trail-query";

const RecordDialog = lazy(async () => ({ default: (await import("./record-dialog")).RecordDialog }));

export function AuditTrailPage() {
  const { account } = useViewer();
  const address = useGridAddress(auditTrailGrid);
  const data = useAuditTrail(address.state);
  const { record } = useSearch({ from: "/signed-in/settings/audit-trail" });
  const navigate = useNavigate();
  const close = () =>
    navigate({
      to: "/settings/audit-trail",
      search: ({ record: _, ...rest }) => rest as SearchParams,
      resetScroll: false,
    });

  return (
    <PageLayout title="Audit trail">
      <DataGrid
        key={account.id}
        id="audit-trail"
        scope={account.id}
        label="Audit trail"
        grid={auditTrailGrid}
        address={address}
        data={data}
        rowId={rowId}
        empty={
          <PageMessage
            icon={<IconHistory size={32} stroke={1.4} aria-hidden="true" />}
            title="Nothing has happened yet"
          >
            Every change of a token and every sign-in will stand here.
          </PageMessage>
        }
      />
      {record && (
        <Suspense>
          <RecordDialog id={record} onClose={close} />
        </Suspense>
      )}
    </PageLayout>
  );
}

const rowId = ({ id }: AuditRow) => id;
