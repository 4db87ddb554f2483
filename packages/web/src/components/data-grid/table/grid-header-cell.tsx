import { UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconChevronDown } from "@tabler/icons-react";
import { useLayoutEffect, useRef } from "react";
import { lazyPart } from "../../../lib/lazy-part";
import { MenuButton } from "../../menu/menu-button";
import classes from "../data-grid.module.css";
import type { GridColumn } from "../grid-types";
import type { ColumnMenuItemsProps } from "./column-menu-items";

const ColumnMenuItems = lazyPart(async () => (await import("./column-menu-items")).ColumnMenuItems);

interface GridHeaderCellProps<Row> extends Omit<ColumnMenuItemsProps, "column" | "isSorted" | "beforeHiding"> {
  column: GridColumn<Row>;
  /** CSS width. Undefined to fit the content. */
  width: string | undefined;
}

/** A column’s name, sort direction and menu. */
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
        <MenuButton
          label={column.label}
          width={220}
          button={
            <UnstyledButton className={classes.headerButton}>
              <span className={classes.headerLabel}>{column.label}</span>
              {sorted && (
                <span className={classes.sorted} aria-hidden="true">
                  {sorted.descending ? <IconArrowDown size={14} /> : <IconArrowUp size={14} />}
                  {state.sort.length > 1 && level + 1}
                </span>
              )}
              <IconChevronDown className={classes.chevron} size={14} aria-hidden="true" />
            </UnstyledButton>
          }
        >
          <ColumnMenuItems {...props} isSorted={sorted !== undefined} beforeHiding={beforeHiding} />
        </MenuButton>
      ) : (
        <span className={classes.headerLabel}>{column.label}</span>
      )}
      {onResizeStart && (
        // Keyboard users have "Wider" and "Narrower" in the column menu.
        <span className={classes.resizer} aria-hidden="true" onMouseDown={onResizeStart} onTouchStart={onResizeStart} />
      )}
    </th>
  );
}

/** Hiding a column removes its focused button, so focus moves to the next column’s. */
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
