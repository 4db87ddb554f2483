import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { ColumnsPanel } from "./columns-panel";
import type { DataGridProps, FilterPanelState } from "./data-grid";
import classes from "./data-grid.module.css";
import { FilterButton } from "./filter-button";
import { SearchBox } from "./search-box";
import { SortPanel } from "./sort-panel";
import { ViewsPanel } from "./views-panel";

interface GridToolbarProps<Row> extends DataGridProps<Row> {
  filterPanel: FilterPanelState;
  setFilterPanel: (state: FilterPanelState) => void;
}

export function GridToolbar<Row>({ id, scope, label, grid, address, data, ...filter }: GridToolbarProps<Row>) {
  const { state, change } = address;
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={`${label}, tools`}>
      <ViewsPanel id={id} scope={scope} grid={grid} address={address} />
      <SortPanel columns={grid.columns} levels={grid.sortLevels} state={state} change={change} />
      <FilterButton
        grid={grid}
        state={state}
        change={change}
        panel={filter.filterPanel}
        setPanel={filter.setFilterPanel}
      />
      <ColumnsPanel grid={grid} state={state} change={change} />
      <Button
        className={classes.tool}
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={<IconRefresh size={16} aria-hidden="true" />}
        onClick={data.refresh}
      >
        Refresh
      </Button>
      <span className={classes.toolbarEnd}>
        {grid.searchLength > 0 && <SearchBox label={label} state={state} change={change} length={grid.searchLength} />}
        <span className={classes.count}>
          {data.total === undefined ? "" : `${data.total} ${data.total === 1 ? "row" : "rows"}`}
        </span>
      </span>
    </div>
  );
}
