import type { ReactNode } from "react";
import type { FilterGroup } from "./filter/filter-model";

export interface GridColumn<Row> {
  id: string;
  label: string;
  cell: (row: Row) => ReactNode;
  /** Default width in pixels. */
  width: number;
  sortable?: boolean;
  /** Hidden by default. */
  optional?: boolean;
  /** Can’t be hidden. */
  fixed?: boolean;
}

export const widthModes = ["default", "content", "screen"] as const;
export type WidthMode = (typeof widthModes)[number];

export interface SortLevel {
  column: string;
  descending: boolean;
}

/** The grid state in the URL. */
export interface GridState {
  /** Starts at 1. */
  page: number;
  pageSize: number;
  search: string;
  sort: SortLevel[];
  filter: FilterGroup | null;
  /** Visible columns. */
  columns: string[];
  width: WidthMode;
}

export const pageSizes = [5, 10, 25, 50, 100] as const;
export const defaultPageSize = 10;

/** One page of rows and its loading state. */
export interface GridData<Row> {
  /** Undefined until the first response. The previous page while another loads. */
  rows: readonly Row[] | undefined;
  /** One more than `limits.countedRows` if there are more. */
  total: number | undefined;
  loading: boolean;
  error: unknown;
  refresh: () => void;
  /** Whether rows were added or removed since they were loaded. */
  isOutdated?: boolean;
}
