import { type MouseEvent, useRef } from "react";
import classes from "../data-grid.module.css";
import type { GridSelection } from "./use-selection";

/** Selects all rows of the page. */
export function SelectPageCell({ pageIds, selection }: { pageIds: readonly string[]; selection: GridSelection }) {
  const count = pageIds.filter((id) => selection.ids.has(id)).length;
  const isAll = count > 0 && count === pageIds.length;
  return (
    <th scope="col" data-column="select">
      <input
        type="checkbox"
        className={classes.checkbox}
        aria-label="Select all rows on this page"
        checked={isAll}
        ref={(input) => {
          if (input) input.indeterminate = count > 0 && !isAll;
        }}
        onChange={() => selection.change(pageIds, !isAll)}
      />
    </th>
  );
}

/** Returns the handler of a row’s checkbox. With Shift, it selects or clears all rows from the last one clicked. */
export function useRowSelection(pageIds: readonly string[], selection: GridSelection | undefined) {
  const last = useRef<string | null>(null);
  return (id: string, event: MouseEvent<HTMLInputElement>) => {
    const from = event.shiftKey && last.current !== null ? pageIds.indexOf(last.current) : -1;
    const to = pageIds.indexOf(id);
    const range = from === -1 ? [id] : pageIds.slice(Math.min(from, to), Math.max(from, to) + 1);
    selection?.change(range, event.currentTarget.checked);
    last.current = id;
  };
}

interface SelectRowCellProps {
  label: string;
  checked: boolean;
  onClick: (event: MouseEvent<HTMLInputElement>) => void;
}

export function SelectRowCell({ label, checked, onClick }: SelectRowCellProps) {
  return (
    <td data-column="select">
      <input
        type="checkbox"
        className={classes.checkbox}
        aria-label={`Select ${label}`}
        checked={checked}
        onClick={onClick}
        onChange={noChange}
      />
    </td>
  );
}

/** `onClick` has the Shift key, and is called for the space bar too. */
const noChange = () => undefined;
