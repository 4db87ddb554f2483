import { Skeleton } from "@mantine/core";
import {
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { type CSSProperties, useMemo } from "react";
import classes from "../data-grid.module.css";
import type { DataGridProps } from "../data-grid-props";
import type { FilterField } from "../filter/filter-model";
import type { GridColumn, WidthMode } from "../grid-types";
import { SelectPageCell, SelectRowCell, useRowSelection } from "../selection/select-cells";
import { GridHeaderCell } from "./grid-header-cell";
import { useColumnWidths } from "./use-column-widths";
import { useGridKeyboard } from "./use-grid-keyboard";

/** The server sorts, filters and pages. The table only manages columns. */
const features = tableFeatures({ columnVisibilityFeature, columnSizingFeature, columnResizingFeature });
const noRows: never[] = [];
/** How far columns shrink, as a fraction of their widths, before the table scrolls. */
const narrowest = 0.92;
/** In pixels, on a screen of 1,280. A table that fits needs no scroll bar, so that its header can stay in sight. */
const widestThatFits = 980;

interface GridTableProps<Row> extends DataGridProps<Row> {
  labelledBy: string;
  onFilterBy: (field: FilterField) => void;
}

export function GridTable<Row extends object>({
  id,
  scope,
  grid,
  url,
  data,
  rowId,
  selection,
  rowKeys,
  labelledBy,
  onFilterBy,
}: GridTableProps<Row>) {
  const { state, change } = url;
  const { widths, setWidths } = useColumnWidths(id, scope);
  const columns = useMemo(() => grid.columns.map(toTableColumn), [grid.columns]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(grid.columns.map((column) => [column.id, state.columns.includes(column.id)])),
    [grid.columns, state.columns],
  );
  const table = useTable({
    features,
    columns,
    data: data.rows ?? noRows,
    getRowId: rowId,
    columnResizeMode: "onChange",
    state: { columnVisibility, columnSizing: widths },
    onColumnSizingChange: setWidths,
  });
  const byId = new Map(grid.columns.map((column) => [column.id, column]));
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  const total = table.getTotalSize();
  // Columns share the available width until the user resizes one. Then each has a fixed width.
  const isChosen = state.width === "default" && Object.keys(widths).length > 0;
  const widthOf = (size: number) => {
    if (state.width === "content") return undefined;
    return isChosen ? `${size}px` : `${(100 * size) / total}%`;
  };
  const fits =
    state.width === "screen" || (state.width === "default" && !isChosen && total * narrowest < widestThatFits);
  const pageIds = data.rows?.map(rowId) ?? [];
  const select = useRowSelection(pageIds, selection?.rows);
  const keyboard = useGridKeyboard((key, index) => {
    const row = table.getRowModel().rows[index];
    if (!row) return false;
    if (key === "x" && selection) selection.rows.change([row.id], !selection.rows.ids.has(row.id));
    else if (rowKeys?.[key]) rowKeys[key](row.original);
    else return false;
    return true;
  });
  const isStale = data.loading && data.rows !== undefined;

  return (
    <section className={classes.scroller} data-fits={fits || undefined} aria-labelledby={labelledBy}>
      <table
        {...keyboard}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: arrow keys move between its cells
        role="grid"
        className={classes.table}
        data-width={state.width}
        aria-labelledby={labelledBy}
        aria-busy={data.loading}
        style={tableStyle(state.width, isChosen ? total : total * narrowest)}
      >
        <thead>
          <tr>
            {selection && <SelectPageCell pageIds={pageIds} selection={selection.rows} />}
            {headers.map((header) => {
              const column = byId.get(header.column.id);
              return (
                column && (
                  <GridHeaderCell
                    key={column.id}
                    column={column}
                    width={widthOf(header.getSize())}
                    state={state}
                    change={change}
                    field={grid.fields.find((field) => field.id === column.id)}
                    onFilterBy={onFilterBy}
                    onResizeStart={state.width === "default" ? header.getResizeHandler() : undefined}
                    onResizeBy={(pixels) =>
                      setWidths((old) => ({ ...old, [column.id]: Math.max(72, header.getSize() + pixels) }))
                    }
                  />
                )
              );
            })}
          </tr>
        </thead>
        <tbody data-stale={isStale || undefined}>
          {data.rows
            ? table.getRowModel().rows.map((row) => (
                <tr key={row.id} aria-selected={selection?.rows.ids.has(row.id)}>
                  {selection && (
                    <SelectRowCell
                      label={selection.name(row.original)}
                      checked={selection.rows.ids.has(row.id)}
                      onClick={(event) => select(row.id, event)}
                    />
                  )}
                  {row.getVisibleCells().map((cell) => {
                    const column = byId.get(cell.column.id);
                    return (
                      <td key={cell.id} data-label={column?.label} data-column={cell.column.id}>
                        {column?.cell(row.original)}
                      </td>
                    );
                  })}
                </tr>
              ))
            : Array.from({ length: state.pageSize }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: placeholders are identical
                <tr key={index}>
                  {selection && <td data-column="select" />}
                  {headers.map((header) => (
                    <td key={header.id} data-column={header.column.id}>
                      <Skeleton height={12} width="70%" />
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
    </section>
  );
}

function toTableColumn<Row>({ id, label, width }: GridColumn<Row>) {
  return { id, header: label, size: width, minSize: 72, maxSize: 800 };
}

function tableStyle(mode: WidthMode, least: number): CSSProperties | undefined {
  return mode === "default" ? ({ "--table-width": `${Math.floor(least)}px` } as CSSProperties) : undefined;
}
