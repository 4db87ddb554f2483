import { Button } from "@mantine/core";
import { IconArrowsSort, IconColumns3, IconFilter, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { lazyPart } from "../../../lib/lazy-part";
import classes from "../data-grid.module.css";
import type { DataGridProps, FilterPanelState } from "../data-grid-props";
import { countConditions } from "../filter/filter-model";
import { ToolPopover } from "./tool-popover";

const SortPanel = lazyPart(async () => (await import("./sort-panel")).SortPanel);
const FilterPanel = lazyPart(async () => (await import("../filter/filter-panel")).FilterPanel);
const ColumnsPanel = lazyPart(async () => (await import("./columns-panel")).ColumnsPanel);

const icon = { size: 16, "aria-hidden": true } as const;

type ToolProps<Row> = Pick<DataGridProps<Row>, "grid" | "url">;

export function SortTool<Row>({ grid, url: { state, change } }: ToolProps<Row>) {
  const [opened, setOpened] = useState(false);
  if (!grid.columns.some(({ sortable }) => sortable)) return null;
  return (
    <ToolPopover
      label="Sort"
      note={state.sort.length}
      icon={<IconArrowsSort {...icon} />}
      width={440}
      opened={opened}
      onChange={setOpened}
    >
      <SortPanel columns={grid.columns} levels={grid.sortLevels} state={state} change={change} />
    </ToolPopover>
  );
}

interface FilterToolProps<Row> extends ToolProps<Row> {
  filterPanel: FilterPanelState;
  setFilterPanel: (state: FilterPanelState) => void;
}

export function FilterTool<Row>({ grid, url: { state, change }, filterPanel, setFilterPanel }: FilterToolProps<Row>) {
  if (grid.fields.length === 0) return null;
  return (
    <ToolPopover
      label="Filter"
      note={state.filter ? countConditions(state.filter) : 0}
      icon={<IconFilter {...icon} />}
      width={640}
      opened={filterPanel.opened}
      onChange={(opened) => setFilterPanel({ opened, startWith: null })}
    >
      <FilterPanel
        fields={grid.fields}
        limits={grid.filterLimits}
        filter={state.filter}
        startWith={filterPanel.startWith}
        onApply={(filter) => {
          change({ filter });
          setFilterPanel({ opened: false, startWith: null });
        }}
      />
    </ToolPopover>
  );
}

export function ColumnsTool<Row>({ grid, url: { state, change } }: ToolProps<Row>) {
  const [opened, setOpened] = useState(false);
  return (
    <ToolPopover label="Columns" icon={<IconColumns3 {...icon} />} width={260} opened={opened} onChange={setOpened}>
      <ColumnsPanel grid={grid} state={state} change={change} />
    </ToolPopover>
  );
}

/** Stands out if there is something new to show. */
export function RefreshTool({ refresh, isOutdated }: { refresh: () => void; isOutdated: boolean }) {
  return (
    <Button
      className={classes.tool}
      variant="subtle"
      color="gray"
      size="compact-sm"
      leftSection={<IconRefresh {...icon} />}
      onClick={refresh}
      data-outdated={isOutdated || undefined}
    >
      {isOutdated ? "Refresh: the list has changed" : "Refresh"}
    </Button>
  );
}
