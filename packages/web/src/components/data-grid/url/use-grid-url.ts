import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { SearchParams } from "../../../lib/search-params";
import type { GridState } from "../grid-types";
import { type GridDefinition, readGridUrl, writeGridUrl } from "./grid-url";

export interface GridUrl {
  state: GridState;
  /** Invalid URL parameters. */
  problems: string[];
  /** Changes part of the state. Changes that affect the rows return to page 1 unless a page is given. */
  change: (part: Partial<GridState>, options?: { replace?: boolean }) => void;
  /** Replaces the grid’s parameters with those of a saved view, or with none for the default view. */
  show: (params: SearchParams) => void;
}

/** Keeps the grid’s state in the URL, so that Back, reload and shared links restore it. */
export function useGridUrl<Row>(grid: GridDefinition<Row>): GridUrl {
  const params = useSearch({ strict: false }) as SearchParams;
  const navigate = useNavigate();
  const { state, problems } = useMemo(() => readGridUrl(params, grid), [params, grid]);

  const go = useCallback(
    (search: Record<string, string | undefined>, replace: boolean) => {
      // "." is the current page. Its other parameters are kept.
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

/** Keeps the grid’s parameters in a fixed order, so that equal states have equal URLs. */
function inOrder(old: SearchParams, search: Record<string, string | undefined>) {
  const others = Object.entries(old).filter(([name]) => !(name in search));
  return { ...search, ...Object.fromEntries(others) };
}
