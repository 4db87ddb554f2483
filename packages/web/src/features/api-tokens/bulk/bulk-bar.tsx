import { useApolloClient } from "@apollo/client/react";
import { limits } from "@hallpass/shared";
import { Button, CloseButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type { GridState } from "../../../components/data-grid/grid-types";
import type { GridSelection } from "../../../components/data-grid/selection/use-selection";
import { PendingButton } from "../../../components/pending-button";
import { number } from "../../../lib/counted";
import { errorMessage } from "../../../lib/error-message";
import classes from "./bulk.module.css";
import { BulkDialog } from "./bulk-dialog";
import type { SelectionAction } from "./bulk-questions";
import { readMatchingIds } from "./read-matching-ids";

interface BulkBarProps {
  selection: GridSelection;
  state: GridState;
  /** Tokens that match the search and filter. */
  total: number;
}

const actions: [SelectionAction, string][] = [
  ["ENABLE", "Enable"],
  ["DISABLE", "Disable"],
  ["SET_EXPIRY", "Set expiry"],
  ["DELETE", "Delete"],
];

/** What can be done with the selected tokens. */
export function BulkBar({ selection, state, total }: BulkBarProps) {
  const [asked, setAsked] = useState<{ action: SelectionAction; ids: string[] } | null>(null);
  const count = selection.ids.size;
  return (
    <>
      <div role="toolbar" aria-label="Selected API tokens" className={classes.bar}>
        <span className={classes.count} role="status">
          {number(count)} selected
        </span>
        {count < Math.min(total, limits.tokensPerChange) && (
          <SelectAll selection={selection} state={state} total={total} />
        )}
        {actions.map(([action, label]) => (
          <Button
            key={action}
            variant="default"
            size="compact-sm"
            {...(action === "DELETE" && { c: "var(--mantine-color-error)" })}
            onClick={() => setAsked({ action, ids: [...selection.ids] })}
          >
            {label}
          </Button>
        ))}
        <CloseButton aria-label="Clear selection" onClick={selection.clear} />
      </div>
      {asked && (
        <BulkDialog
          {...asked}
          onClose={(isDone) => {
            setAsked(null);
            if (isDone) selection.clear();
          }}
        />
      )}
    </>
  );
}

function SelectAll({ selection, state, total }: BulkBarProps) {
  const client = useApolloClient();
  const [pending, setPending] = useState(false);
  async function selectAll() {
    setPending(true);
    try {
      selection.change(await readMatchingIds(client, state), true);
    } catch (error) {
      notifications.show({
        message: `Couldn’t select all API tokens. ${errorMessage(error)}`,
        color: "red",
        closeButtonProps: { "aria-label": "Close message" },
      });
    } finally {
      setPending(false);
    }
  }
  return (
    <PendingButton variant="subtle" size="compact-sm" pending={pending} onClick={() => void selectAll()}>
      {total > limits.tokensPerChange
        ? `Select the first ${number(limits.tokensPerChange)}`
        : `Select all ${number(total)}`}
    </PendingButton>
  );
}
