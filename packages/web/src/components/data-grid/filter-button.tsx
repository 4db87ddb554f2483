import { Skeleton } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { FilterPanelState } from "./data-grid";
import { countConditions } from "./filter-model";
import type { GridDefinition } from "./grid-address";
import type { GridState } from "./grid-types";
import { ToolPopover } from "./tool-popover";
import type { GridAddress } from "./use-grid-address";

// Not part of the first load: most visits never filter.
const FilterPanel = lazy(async () => ({ default: (await import("./filter-panel")).FilterPanel }));

interface FilterButtonProps<Row> {
  grid: GridDefinition<Row>;
  state: GridState;
  change: GridAddress["change"];
  panel: FilterPanelState;
  setPanel: (state: FilterPanelState) => void;
}

export function FilterButton<Row>({ grid, state, change, panel, setPanel }: FilterButtonProps<Row>) {
  const count = state.filter ? countConditions(state.filter) : 0;
  if (grid.fields.length === 0) return null;
  const close = () => setPanel({ opened: false, startWith: null });
  return (
    <ToolPopover
      label="Filter"
      note={count > 0 ? String(count) : undefined}
      icon={<IconFilter size={16} aria-hidden="true" />}
      width={640}
      opened={panel.opened}
      onChange={(opened) => setPanel({ opened, startWith: null })}
    >
      <Suspense fallback={<Skeleton height={84} />}>
        <FilterPanel
          fields={grid.fields}
          limits={grid.filterLimits}
          filter={state.filter}
          startWith={panel.startWith}
          onApply={(filter) => {
            change({ filter });
            close();
          }}
        />
      </Suspense>
    </ToolPopover>
  );
}
