import { Menu, UnstyledButton } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconArrowUp,
  IconChevronDown,
  IconEyeOff,
  IconFilter,
  IconX,
} from "@tabler/icons-react";
import { useLayoutEffect, useRef } from "react";
import classes from "../data-grid.module.css";
import type { FilterField } from "../filter/filter-model";
import type { GridColumn, GridState } from "../grid-types";
import type { GridUrl } from "../url/use-grid-url";

interface GridHeaderCellProps<Row> {
  column: GridColumn<Row>;
  /** As CSS says it; undefined: as its content. */
  width: string | undefined;
  state: GridState;
  change: GridUrl["change"];
  field: FilterField | undefined;
  onFilterBy: (field: FilterField) => void;
  /** Undefined where widths are not the person's to choose. */
  onResizeStart: ((event: unknown) => void) | undefined;
  onResizeBy: (pixels: number) => void;
}

/** A column's name, how it is sorted, and its menu. */
export function GridHeaderCell<Row>(props: GridHeaderCellProps<Row>) {
  const { column, width, state, onResizeStart } = props;
  const level = state.sort.findIndex((each) => each.column === column.id);
  const sorted = state.sort[level];
  const { cell, beforeHiding } = useNeighbourAfterHiding();
  const hasMenu = column.sortable || props.field !== undefined || !column.fixed;

  return (
    <th
      ref={cell}
      scope="col"
      style={width === undefined ? undefined : { width }}
      data-column={column.id}
      aria-sort={sorted ? (sorted.descending ? "descending" : "ascending") : undefined}
    >
      {hasMenu ? (
        <Menu position="bottom-end" shadow="md" width={220}>
          <Menu.Target>
            <UnstyledButton className={classes.headerButton}>
              <span className={classes.headerLabel}>{column.label}</span>
              {sorted && (
                <span className={classes.sorted} aria-hidden="true">
                  {sorted.descending ? <IconArrowDown size={14} /> : <IconArrowUp size={14} />}
                  {state.sort.length > 1 && level + 1}
                </span>
              )}
              <IconChevronDown className={classes.chevron} size={16} aria-hidden="true" />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            <ColumnMenuItems {...props} isSorted={sorted !== undefined} beforeHiding={beforeHiding} />
          </Menu.Dropdown>
        </Menu>
      ) : (
        <span className={classes.headerLabel}>{column.label}</span>
      )}
      {onResizeStart && (
        // With the keyboard: "Wider" and "Narrower" in the column's menu.
        <span className={classes.resizer} aria-hidden="true" onMouseDown={onResizeStart} onTouchStart={onResizeStart} />
      )}
    </th>
  );
}

/** Hiding a column takes the button away that was just pressed; the next column's takes its place. */
function useNeighbourAfterHiding() {
  const cell = useRef<HTMLTableCellElement>(null);
  const isHiding = useRef(false);
  useLayoutEffect(() => {
    const element = cell.current;
    return () => {
      const neighbour = element?.nextElementSibling ?? element?.previousElementSibling;
      if (isHiding.current) setTimeout(() => neighbour?.querySelector("button")?.focus());
    };
  }, []);
  return {
    cell,
    beforeHiding: () => {
      isHiding.current = true;
    },
  };
}

const icon = { size: 16, stroke: 1.8, "aria-hidden": true } as const;
const step = 32;

interface ColumnMenuItemsProps<Row> extends GridHeaderCellProps<Row> {
  isSorted: boolean;
  beforeHiding: () => void;
}

function ColumnMenuItems<Row>(props: ColumnMenuItemsProps<Row>) {
  const { column, state, change, field, onFilterBy, onResizeStart, onResizeBy, isSorted, beforeHiding } = props;
  const sortBy = (descending: boolean) => change({ sort: [{ column: column.id, descending }] });
  return (
    <>
      {column.sortable && (
        <>
          <Menu.Item leftSection={<IconArrowUp {...icon} />} onClick={() => sortBy(false)}>
            Sort ascending
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowDown {...icon} />} onClick={() => sortBy(true)}>
            Sort descending
          </Menu.Item>
        </>
      )}
      {isSorted && (
        <Menu.Item
          leftSection={<IconX {...icon} />}
          onClick={() => change({ sort: state.sort.filter((level) => level.column !== column.id) })}
        >
          Clear sort
        </Menu.Item>
      )}
      {field && (
        <Menu.Item leftSection={<IconFilter {...icon} />} onClick={() => onFilterBy(field)}>
          Filter by this column
        </Menu.Item>
      )}
      {onResizeStart && (
        <>
          <Menu.Item
            closeMenuOnClick={false}
            leftSection={<IconArrowsMaximize {...icon} />}
            onClick={() => onResizeBy(step)}
          >
            Wider
          </Menu.Item>
          <Menu.Item
            closeMenuOnClick={false}
            leftSection={<IconArrowsMinimize {...icon} />}
            onClick={() => onResizeBy(-step)}
          >
            Narrower
          </Menu.Item>
        </>
      )}
      {!column.fixed && (
        <Menu.Item
          leftSection={<IconEyeOff {...icon} />}
          onClick={() => {
            beforeHiding();
            change({ columns: state.columns.filter((id) => id !== column.id) });
          }}
        >
          Hide column
        </Menu.Item>
      )}
    </>
  );
}
