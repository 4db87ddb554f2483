import type { ReactNode } from "react";
import type { FilterField } from "./filter/filter-model";
import type { GridData } from "./grid-types";
import type { GridSelection } from "./selection/use-selection";
import type { GridDefinition } from "./url/grid-url";
import type { GridUrl } from "./url/use-grid-url";

export interface DataGridProps<Row> {
  /** Identifies the grid in the browser’s storage. */
  id: string;
  /** The account that owns the column widths. */
  scope: string;
  /** A name for the rows in messages and for screen readers, e.g. "API tokens". */
  label: string;
  grid: GridDefinition<Row>;
  url: GridUrl;
  data: GridData<Row>;
  /** The toolbar’s menu of saved views. */
  views: ReactNode;
  rowId: (row: Row) => string;
  /** Lets users select rows. `name` is a row’s name for screen readers, `bar` is shown while rows are selected. */
  selection?: { rows: GridSelection; name: (row: Row) => string; bar: ReactNode } | undefined;
  /** What single keys do with the focused row. */
  rowKeys?: Record<string, (row: Row) => void>;
  /** Shown instead of the table when there are no rows at all. */
  empty: ReactNode;
}

/** The filter panel opens from the toolbar, or from a column menu with a new condition. */
export interface FilterPanelState {
  opened: boolean;
  startWith: FilterField | null;
}
