import type { ReactNode } from "react";
import type { FilterField } from "./filter/filter-model";
import type { GridData } from "./grid-types";
import type { GridDefinition } from "./url/grid-url";
import type { GridUrl } from "./url/use-grid-url";

export interface DataGridProps<Row> {
  /** Names the grid in the browser's storage. */
  id: string;
  /** Whose views and widths: the account. */
  scope: string;
  /** What the rows are, for screen readers and messages: "API tokens". */
  label: string;
  grid: GridDefinition<Row>;
  url: GridUrl;
  data: GridData<Row>;
  rowId: (row: Row) => string;
  /** Shown instead of the table when there are no rows at all. */
  empty: ReactNode;
}

/** The filter panel opens from the toolbar, or from a column's menu with a condition begun. */
export interface FilterPanelState {
  opened: boolean;
  startWith: FilterField | null;
}
