import { Paper } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useId, useState } from "react";
import classes from "./data-grid.module.css";
import type { FilterField } from "./filter-model";
import type { GridDefinition } from "./grid-address";
import { GridAnnouncement } from "./grid-announcement";
import { GridBodyMessage } from "./grid-body-message";
import { GridPaging } from "./grid-paging";
import { GridTable } from "./grid-table";
import { GridToolbar } from "./grid-toolbar";
import type { GridData } from "./grid-types";
import type { GridAddress } from "./use-grid-address";

// Most addresses have none.
const AddressProblems = lazy(async () => ({ default: (await import("./address-problems")).AddressProblems }));

export interface DataGridProps<Row> {
  /** Names the grid in the browser's storage. */
  id: string;
  /** Whose views and widths: the account. */
  scope: string;
  /** What the rows are, for screen readers and messages: "API tokens". */
  label: string;
  grid: GridDefinition<Row>;
  address: GridAddress;
  data: GridData<Row>;
  rowId: (row: Row) => string;
  /** Stands in the table's place when there is nothing at all. */
  empty: ReactNode;
}

/** The filter panel's door: it opens from the toolbar, or from a column's menu with a condition begun. */
export interface FilterPanelState {
  opened: boolean;
  startWith: FilterField | null;
}

/** A table of one page of rows whose state (sorting, filter, columns, page) stands in the address. */
export function DataGrid<Row extends object>(props: DataGridProps<Row>) {
  const { label, address, data } = props;
  const [filterPanel, setFilterPanel] = useState<FilterPanelState>({ opened: false, startWith: null });
  const headingId = useId();
  const { rows } = data;
  const hasRows = rows !== undefined && rows.length > 0;
  const isLoadingFirst = rows === undefined && !data.error;

  return (
    <Paper className={classes.card} radius="lg" withBorder>
      <GridToolbar {...props} filterPanel={filterPanel} setFilterPanel={setFilterPanel} />
      {address.problems.length > 0 && (
        <Suspense>
          <AddressProblems
            problems={address.problems}
            onDismiss={() => address.change({ page: address.state.page }, replace)}
          />
        </Suspense>
      )}
      <GridAnnouncement label={label} data={data} state={address.state} />
      <span id={headingId} hidden>
        {label}
      </span>
      {data.error || (!hasRows && !isLoadingFirst) ? (
        <GridBodyMessage {...props} />
      ) : (
        <GridTable
          {...props}
          labelledBy={headingId}
          onFilterBy={(field) => setFilterPanel({ opened: true, startWith: field })}
        />
      )}
      <GridPaging state={address.state} data={data} change={address.change} />
    </Paper>
  );
}

const replace = { replace: true };
