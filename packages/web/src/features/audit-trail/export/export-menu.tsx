import { useApolloClient } from "@apollo/client/react";
import { Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useRouteContext } from "@tanstack/react-router";
import { useState } from "react";
import { useGridUrl } from "../../../components/data-grid/url/use-grid-url";
import { MenuButton } from "../../../components/menu/menu-button";
import { PendingButton } from "../../../components/pending-button";
import type { AuditRecordFilter } from "../../../gql/graphql";
import { errorMessage } from "../../../lib/error-message";
import { useViewer } from "../../session/viewer";
import { auditTrailGrid } from "../audit-trail-grid";
import { toAuditFilter } from "../to-audit-filter";
import { downloadAuditTrail, type ExportFormat } from "./download-audit-trail";

/** Exports the records that match the grid’s filter, or the full trail. */
export function ExportMenu() {
  const { start, pending } = useExport();
  const filter = toAuditFilter(useGridUrl(auditTrailGrid).state.filter);
  return (
    <MenuButton
      label="Export"
      width={290}
      button={
        <PendingButton variant="default" pending={pending}>
          {pending ? "Exporting…" : "Export"}
        </PendingButton>
      }
    >
      {filter && (
        <>
          <Menu.Label>Records that match the filter</Menu.Label>
          <Menu.Item onClick={() => void start("csv", filter)}>Filtered CSV (for spreadsheets)</Menu.Item>
        </>
      )}
      <Menu.Label>Full trail</Menu.Label>
      <Menu.Item onClick={() => void start("csv")}>CSV (for spreadsheets)</Menu.Item>
      <Menu.Item onClick={() => void start("jsonl")}>JSON lines (complete, with hashes)</Menu.Item>
    </MenuButton>
  );
}

const closeButtonProps = { "aria-label": "Close message" };

function useExport() {
  const client = useApolloClient();
  const { session } = useRouteContext({ from: "/signed-in" });
  const { account } = useViewer();
  const [pending, setPending] = useState(false);

  async function start(format: ExportFormat, filter: AuditRecordFilter | null = null) {
    setPending(true);
    try {
      const name = await downloadAuditTrail(format, account.id, filter);
      notifications.show({ message: `Downloaded ${name}.`, closeButtonProps });
      // The export itself adds a record.
      await client
        .refetchQueries({ updateCache: (cache) => cache.evict({ id: "ROOT_QUERY", fieldName: "auditTrail" }) })
        .catch(() => undefined);
    } catch (error) {
      session.report(error);
      notifications.show({
        color: "red",
        title: "Couldn’t export the audit trail",
        message: errorMessage(error),
        autoClose: false,
        closeButtonProps,
      });
    } finally {
      setPending(false);
    }
  }

  return { start, pending };
}
