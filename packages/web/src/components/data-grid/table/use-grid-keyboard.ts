import { type KeyboardEvent, useLayoutEffect, useRef } from "react";
import { shortcutOf } from "../../../lib/shortcuts";

interface Place {
  row: number;
  column: number;
}

const controls = "a[href], button:enabled, input:enabled, [tabindex]";

/**
 * Makes a table a single Tab stop, in which arrow keys move between cells (ARIA APG, grid pattern). A cell’s control has
 * the focus, or the cell itself if it has none. `onKey` gets other single keys with the index of the focused row.
 */
export function useGridKeyboard(onKey: (key: string, rowIndex: number) => boolean) {
  const ref = useRef<HTMLTableElement>(null);
  /** The Tab stop. Null until a cell has had the focus: then it is the first row’s link. */
  const place = useRef<Place | null>(null);

  function settle() {
    const table = ref.current;
    if (!table) return;
    const stop = cellAt(table, place.current ?? firstPlace(table));
    for (const cell of table.querySelectorAll<HTMLTableCellElement>("th, td")) {
      for (const control of cell.querySelectorAll<HTMLElement>(controls)) setTabIndex(control, -1);
      setTabIndex(targetOf(cell), cell === stop ? 0 : -1);
    }
  }

  // Rows and columns may have changed with any render.
  useLayoutEffect(settle);

  function move(to: Place | null) {
    const table = ref.current;
    const cell = table && to && cellAt(table, to);
    if (!cell) return;
    place.current = placeOf(cell);
    settle();
    targetOf(cell).focus();
  }

  return {
    ref,
    /** The cell that has the focus is the Tab stop from then on. */
    onFocusCapture({ target }: { target: EventTarget }) {
      const cell = target instanceof Element && ref.current?.contains(target) ? target.closest("th, td") : null;
      if (!(cell instanceof HTMLTableCellElement)) return;
      place.current = placeOf(cell);
      settle();
    },
    // Before the menu buttons in the cells, which would open with the arrow.
    onKeyDownCapture(event: KeyboardEvent) {
      const { target } = event;
      const table = ref.current;
      // Open menus and dialogs of a cell have the arrows for themselves.
      if (!table || !(target instanceof Element) || !table.contains(target)) return;
      if (target.closest('[aria-expanded="true"], [role="menu"], [role="dialog"]')) return;
      const cell = target.closest("th, td");
      if (!(cell instanceof HTMLTableCellElement)) return;
      const to = destination(event, placeOf(cell), table);
      const key = shortcutOf(event.nativeEvent);
      if (to) move(to);
      else if (!key || !onKey(key, placeOf(cell).row - 1)) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}

function destination(event: KeyboardEvent, { row, column }: Place, { rows }: HTMLTableElement): Place | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (metaKey || altKey || shiftKey || (ctrlKey && key !== "Home" && key !== "End")) return null;
  const last = (rows[row]?.cells.length ?? 1) - 1;
  const places: Record<string, Place> = {
    ArrowUp: { row: Math.max(0, row - 1), column },
    ArrowDown: { row: Math.min(rows.length - 1, row + 1), column },
    ArrowLeft: { row, column: Math.max(0, column - 1) },
    ArrowRight: { row, column: Math.min(last, column + 1) },
    Home: { row: ctrlKey ? 0 : row, column: 0 },
    End: { row: ctrlKey ? rows.length - 1 : row, column: last },
  };
  return places[key] ?? null;
}

function firstPlace(table: HTMLTableElement): Place {
  const link = table.querySelector("tbody a[href]")?.closest("td");
  return link ? placeOf(link) : { row: 0, column: 0 };
}

const placeOf = (cell: HTMLTableCellElement): Place => ({
  row: (cell.parentElement as HTMLTableRowElement).rowIndex,
  column: cell.cellIndex,
});

/** The cell there, or the nearest one if the table has become smaller. */
function cellAt({ rows }: HTMLTableElement, { row, column }: Place): HTMLTableCellElement | undefined {
  const cells = rows[Math.min(row, rows.length - 1)]?.cells;
  return cells?.[Math.min(column, cells.length - 1)];
}

const targetOf = (cell: HTMLTableCellElement) => cell.querySelector<HTMLElement>(controls) ?? cell;

function setTabIndex(element: HTMLElement, tabIndex: number): void {
  if (element.tabIndex !== tabIndex || !element.hasAttribute("tabindex")) element.tabIndex = tabIndex;
}
