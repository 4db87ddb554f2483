import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo } from "react";
import type { SearchParams } from "../../../lib/search-params";
import type { GridState } from "../grid-types";
import { type GridDefinition, gridParams, readGridUrl, writeGridUrl } from "./grid-url";

export interface GridUrl {
  state: GridState;
  /** Invalid URL parameters. */
  problems: string[];
  /** Changes part of the state. Changes that affect the rows return to page 1 unless a page is given. */
  change: (part: Partial<GridState>, options?: { replace?: boolean }) => void;
  /** Replaces the grid’s parameters with those of a saved view, or with none for the default view. */
  show: (params: SearchParams) => void;
}

/**
 * Keeps the grid’s state in the URL, so that Back, reload and shared links restore it. If the URL has none of the grid’s
 * parameters, those of `opensIn` apply and are added to the URL.
 */
export function useGridUrl<Row>(grid: GridDefinition<Row>, opensIn?: SearchParams): GridUrl {
  const search = useSearch({ strict: false }) as SearchParams;
  const navigate = useNavigate();
  const isBare =
    opensIn !== undefined && Object.keys(search).every((name) => !gridParams.some((each) => each === name));
  const params = isBare ? opensIn : search;
  const { state, problems } = useMemo(() => readGridUrl(params, grid), [params, grid]);

  const go = useCallback(
    (next: GridState, replace: boolean) => {
      const written = writeGridUrl(next, grid);
      // Says that everything is wanted.
      if (opensIn && Object.values(written).every((value) => value === undefined)) written.page = "1";
      // "." is the current page. Its other parameters are kept.
      void navigate({ to: ".", search: ((old: SearchParams) => inOrder(old, written)) as never, replace });
    },
    [navigate, grid, opensIn],
  );
  useEffect(() => {
    if (isBare) go(state, true);
  }, [isBare, go, state]);
  return {
    state,
    problems,
    change: (part, { replace = false } = {}) => {
      const keepsPage = "columns" in part || "width" in part;
      go({ ...state, ...(keepsPage ? {} : { page: 1 }), ...part }, replace);
    },
    show: (other) => go(readGridUrl(other, grid).state, false),
  };
}

/** Keeps the grid’s parameters in a fixed order, so that equal states have equal URLs. */
function inOrder(old: SearchParams, search: Record<string, string | undefined>) {
  const others = Object.entries(old).filter(([name]) => !(name in search));
  return { ...search, ...Object.fromEntries(others) };
}
