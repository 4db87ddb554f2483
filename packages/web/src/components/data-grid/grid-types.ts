import type { ReactNode } from "react";
import type { FilterGroup } from "./filter/filter-model";

export interface GridColumn<Row> {
  id: string;
  label: string;
  cell: (row: Row) => ReactNode;
  /** Pixels, in the default width. */
  width: number;
  sortable?: boolean;
  /** Not shown until someone asks for it. */
  optional?: boolean;
  /** What the row is about, or what acts on it: cannot be hidden. */
  fixed?: boolean;
}

export const widthModes = ["default", "content", "screen"] as const;
export type WidthMode = (typeof widthModes)[number];

export interface SortLevel {
  column: string;
  descending: boolean;
}

/** Everything that the URL says about a grid. */
export interface GridState {
  /** From 1. */
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

/** One page of rows, and how reading it goes. */
export interface GridData<Row> {
  /** Undefined until the first answer; while another page loads, still the one before. */
  rows: readonly Row[] | undefined;
  total: number | undefined;
  loading: boolean;
  error: unknown;
  refresh: () => void;
}
