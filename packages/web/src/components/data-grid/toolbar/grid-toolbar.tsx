import { countedUpTo } from "../../../lib/counted";
import classes from "../data-grid.module.css";
import type { DataGridProps, FilterPanelState } from "../data-grid-props";
import { ColumnsTool, FilterTool, RefreshTool, SortTool } from "./grid-tools";
import { SearchBox } from "./search-box";

interface GridToolbarProps<Row> extends DataGridProps<Row> {
  filterPanel: FilterPanelState;
  setFilterPanel: (state: FilterPanelState) => void;
}

export function GridToolbar<Row>(props: GridToolbarProps<Row>) {
  const { label, grid, url, data } = props;
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={`${label}, tools`}>
      {props.views}
      <SortTool {...props} />
      <FilterTool {...props} />
      <ColumnsTool {...props} />
      <RefreshTool refresh={data.refresh} isOutdated={data.isOutdated ?? false} />
      <span className={classes.toolbarEnd}>
        {grid.searchLength > 0 && (
          <SearchBox label={label} length={grid.searchLength} termOf={grid.searchTermOf} {...url} />
        )}
        <span className={classes.count}>{data.total === undefined ? "" : countedUpTo(data.total, "row")}</span>
      </span>
    </div>
  );
}
