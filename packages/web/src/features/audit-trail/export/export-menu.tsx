import { useApolloClient } from "@apollo/client/react";
import { Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useRouteContext } from "@tanstack/react-router";
import { useState } from "react";
import { MenuButton } from "../../../components/menu/menu-button";
import { PendingButton } from "../../../components/pending-button";
import { errorMessage } from "../../../lib/error-message";
import { useViewer } from "../../session/viewer";
import { downloadAuditTrail, type ExportFormat } from "./download-audit-trail";

/** Exports the full trail in one of two formats. */
export function ExportMenu() {
  const { start, pending } = useExport();
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
      <Menu.Label>Full trail (filters ignored)</Menu.Label>
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

  async function start(format: ExportFormat) {
    setPending(true);
    try {
      const name = await downloadAuditTrail(format, account.id);
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
