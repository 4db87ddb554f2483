import { Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconArrowUp,
  IconEyeOff,
  IconFilter,
  IconX,
} from "@tabler/icons-react";
import type { FilterField } from "../filter/filter-model";
import type { GridColumn, GridState } from "../grid-types";
import type { GridUrl } from "../url/use-grid-url";

const icon = { size: 16, stroke: 1.8, "aria-hidden": true } as const;
const step = 32;

export interface ColumnMenuItemsProps {
  column: Pick<GridColumn<unknown>, "id" | "sortable" | "fixed">;
  state: GridState;
  change: GridUrl["change"];
  field: FilterField | undefined;
  onFilterBy: (field: FilterField) => void;
  /** Undefined if the column can’t be resized. */
  onResizeStart: ((event: unknown) => void) | undefined;
  onResizeBy: (pixels: number) => void;
  isSorted: boolean;
  beforeHiding: () => void;
}

export function ColumnMenuItems(props: ColumnMenuItemsProps) {
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
