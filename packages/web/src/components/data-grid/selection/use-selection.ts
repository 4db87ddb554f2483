import { useCallback, useMemo, useState } from "react";

/** Rows selected by ID, on this page and others. */
export interface GridSelection {
  ids: ReadonlySet<string>;
  /** Selects rows, or clears them. At most `limit` can be selected. */
  change: (ids: readonly string[], selected: boolean) => void;
  clear: () => void;
}

const none: ReadonlySet<string> = new Set();

/** Keeps a selection while `scope`, i.e. what the rows are chosen from, stays the same. */
export function useSelection(scope: string, limit: number): GridSelection {
  const [state, setState] = useState({ scope, ids: none });
  const ids = state.scope === scope ? state.ids : none;
  const change = useCallback(
    (changed: readonly string[], selected: boolean) =>
      setState((before) => {
        const next = new Set(before.scope === scope ? before.ids : none);
        for (const id of changed) {
          if (!selected) next.delete(id);
          else if (next.size < limit) next.add(id);
        }
        return { scope, ids: next };
      }),
    [scope, limit],
  );
  const clear = useCallback(() => setState({ scope, ids: none }), [scope]);
  return useMemo(() => ({ ids, change, clear }), [ids, change, clear]);
}
