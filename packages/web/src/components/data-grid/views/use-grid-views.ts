import { useMemo, useState } from "react";
import type { SearchParams } from "../../../lib/search-params";
import { gridStorage, type SavedView } from "../grid-storage";
import type { GridState } from "../grid-types";
import { type GridDefinition, writeGridUrl } from "../url/grid-url";

const defaultView: SavedView = { name: "Default view", params: {} };

/** The default view and the grid’s presets, followed by the views saved in this browser for the account. */
export function useGridViews<Row>(id: string, scope: string, grid: GridDefinition<Row>, state: GridState) {
  const storage = useMemo(() => gridStorage(id, scope), [id, scope]);
  const [saved, setSaved] = useState(storage.readViews);
  const current = withoutDefaults(writeGridUrl({ ...state, page: 1 }, grid));
  const fixed = useMemo(() => [defaultView, ...(grid.presetViews?.() ?? [])], [grid]);
  const views = [...fixed, ...saved];
  return {
    views,
    /** Whether the view can be deleted. */
    isOwn: (view: SavedView) => !fixed.includes(view),
    current,
    active: views.find(({ params }) => isSame(params, current)),
    keep(next: SavedView[]) {
      const own = next.filter((view) => !fixed.includes(view));
      setSaved(own);
      storage.writeViews(own);
    },
  };
}

function withoutDefaults(params: Record<string, string | undefined>): SearchParams {
  return Object.fromEntries(Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function isSame(a: SearchParams, b: SearchParams): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
