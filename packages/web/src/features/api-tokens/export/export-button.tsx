import { useApolloClient } from "@apollo/client/react";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type { GridColumn, GridState } from "../../../components/data-grid/grid-types";
import { PendingButton } from "../../../components/pending-button";
import { counted, number } from "../../../lib/counted";
import { errorMessage } from "../../../lib/error-message";
import { saveFile } from "../../../lib/save-file";

interface ExportButtonProps {
  accountId: string;
  state: GridState;
  columns: readonly Pick<GridColumn<never>, "id" | "label">[];
}

const closeButtonProps = { "aria-label": "Close message" };

/** Exports the list as it is on screen, all pages of it. */
export function ExportButton({ accountId, state, columns }: ExportButtonProps) {
  const client = useApolloClient();
  const [read, setRead] = useState<number | null>(null);

  async function run() {
    setRead(0);
    try {
      // The module is not part of the first load.
      const { exportTokens } = await import("./export-tokens");
      const { file, count } = await exportTokens(client, state, columns, setRead);
      saveFile(file, `api-tokens-${accountId}.csv`);
      notifications.show({ message: `Exported ${counted(count, "API token")}.`, closeButtonProps });
    } catch (error) {
      notifications.show({
        color: "red",
        title: "Couldn’t export the API tokens",
        message: errorMessage(error),
        autoClose: false,
        closeButtonProps,
      });
    } finally {
      setRead(null);
    }
  }

  return (
    <PendingButton variant="default" pending={read !== null} onClick={() => void run()}>
      {read === null ? "Export" : `Exporting… ${number(read)}`}
    </PendingButton>
  );
}
