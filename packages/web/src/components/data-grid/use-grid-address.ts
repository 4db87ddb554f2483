import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { SearchParams } from "../search-params";
import { type GridDefinition, readGridAddress, writeGridAddress } from "./grid-address";
import type { GridState } from "./grid-types";

export interface GridAddress {
  state: GridState;
  /** Parameters of the address that made no sense. */
  problems: string[];
  /** Changes a part. What changes the rows starts again at the first page, unless the page is said. */
  change: (part: Partial<GridState>, options?: { replace?: boolean }) => void;
  /** Puts other parameters in the place of the grid's own: a saved view, or none for the default. */
  show: (params: SearchParams) => void;
}

/** The grid's state, which lives in the address: Back, reload and a sent link show the same. */
export function useGridAddress<Row>(grid: GridDefinition<Row>): GridAddress {
  const params = useSearch({ strict: false }) as SearchParams;
  const navigate = useNavigate();
  const { state, problems } = useMemo(() => readGridAddress(params, grid), [params, grid]);

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
      go(writeGridAddress({ ...state, ...(keepsPage ? {} : { page: 1 }), ...part }, grid), replace);
    },
    show: (other) => go(writeGridAddress(readGridAddress(other, grid).state, grid), false),
  };
}

/** The grid's parameters always stand in the same order, so that equal states have equal addresses. */
function inOrder(old: SearchParams, search: Record<string, string | undefined>) {
  const others = Object.entries(old).filter(([name]) => !(name in search));
  return { ...search, ...Object.fromEntries(others) };
}
