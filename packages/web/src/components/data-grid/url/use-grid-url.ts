import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { SearchParams } from "../../../lib/search-params";
import type { GridState } from "../grid-types";
import { type GridDefinition, readGridUrl, writeGridUrl } from "./grid-url";

export interface GridUrl {
  state: GridState;
  /** Parameters of the URL that made no sense. */
  problems: string[];
  /** Changes a part. What changes the rows starts again at the first page, unless the page is said. */
  change: (part: Partial<GridState>, options?: { replace?: boolean }) => void;
  /** Puts other parameters in the place of the grid's own: a saved view, or none for the default. */
  show: (params: SearchParams) => void;
}

/** The grid's state, which lives in the URL: Back, reload and a sent link show the same. */
export function useGridUrl<Row>(grid: GridDefinition<Row>): GridUrl {
  const params = useSearch({ strict: false }) as SearchParams;
  const navigate = useNavigate();
  const { state, problems } = useMemo(() => readGridUrl(params, grid), [params, grid]);

  const go = useCallback(
    (search: Record<string, string | undefined>, replace: boolean) => {
      // "." is the page that is open; its other parameters stay.
      void navigate({ to: ".", search: ((old: SearchParams) => inOrder(old, search)) as never, replace });
    },
    [navigate],
  );
  return {
    state,
    problems,
    change: (part, { replace = false } = {}) => {
      const keepsPage = "columns" in part || "width" in part;
      go(writeGridUrl({ ...state, ...(keepsPage ? {} : { page: 1 }), ...part }, grid), replace);
    },
    show: (other) => go(writeGridUrl(readGridUrl(other, grid).state, grid), false),
  };
}

/** The grid's parameters always come in the same order, so that equal states have equal URLs. */
function inOrder(old: SearchParams, search: Record<string, string | undefined>) {
  const others = Object.entries(old).filter(([name]) => !(name in search));
  return { ...search, ...Object.fromEntries(others) };
}
