import { useApolloClient } from "@apollo/client/react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { GridData } from "../../../components/data-grid/grid-types";
import type { ApiTokenFilter } from "../../../gql/graphql";
import { isWatched } from "../../../lib/is-watched";

/** Milliseconds between two updates. */
const updateEvery = 10_000;

/**
 * Updates the rows on screen, including changes made by others, while the page is watched. Rows keep their places: whether
 * tokens were added or removed since is returned, and takes a refresh to show. Among more than 10,000 tokens, those removed
 * elsewhere in the list go unnoticed.
 */
export function useLiveRows(
  ids: readonly string[],
  filter: ApiTokenFilter | null,
  { total, loading }: Pick<GridData<unknown>, "total" | "loading">,
) {
  const client = useApolloClient();
  const newest = useRef<{ id: string | undefined }>(undefined);
  const [seen, setSeen] = useState<{ of: number | undefined; isOutdated: boolean }>();
  const update = useEffectEvent(async () => {
    if (!isWatched() || total === undefined) return;
    // Not needed for the first rows.
    const { liveDocument } = await import("./live-document");
    const { data } = await client.query({
      query: liveDocument,
      variables: { ids: [...ids], filter },
      fetchPolicy: "network-only",
    });
    if (!data) return;
    const [first] = data.newest.nodes;
    newest.current ??= { id: first?.id };
    const isAdded = newest.current.id !== first?.id;
    const isOutdated = data.newest.total !== total || data.nodes.includes(null) || isAdded;
    setSeen({ of: total, isOutdated });
  });
  useEffect(() => {
    if (!loading) return;
    newest.current = undefined;
    setSeen(undefined);
  }, [loading]);
  useEffect(() => {
    // The next update makes up for one that failed.
    const timer = setInterval(() => void update().catch(() => undefined), updateEvery);
    return () => clearInterval(timer);
  }, []);
  return seen !== undefined && seen.of === total && seen.isOutdated;
}
