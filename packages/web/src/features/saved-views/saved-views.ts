import { useMemo } from "react";
import { useFragment as unmask } from "../../gql/fragment-masking";
import { graphql } from "../../gql/gql";
import type { SavedViewList, ViewerSavedViewsFragment } from "../../gql/graphql";
import { parseSearchParams, type SearchParams } from "../../lib/search-params";
import { useViewer, type Viewer } from "../session/viewer";
import type { View } from "./view";

const savedViewsFragment = graphql(/* GraphQL */ `
  fragment ViewerSavedViews on Viewer {
    savedViews {
      id
      list
      name
      query
      shared
      isDefault
    }
  }
`);

export type SavedView = View & Omit<ViewerSavedViewsFragment["savedViews"][number], "query" | "list">;

/** The person’s own views of the list and those shared in the account, by name. */
export function useSavedViews(list: SavedViewList): SavedView[] {
  const viewer = useViewer();
  return useMemo(() => savedViewsOf(viewer, list), [viewer, list]);
}

export function savedViewsOf(viewer: Viewer, list: SavedViewList): SavedView[] {
  const { savedViews } = unmask(savedViewsFragment, viewer);
  return savedViews
    .filter((view) => view.list === list)
    .map(({ query, list: _, ...view }) => ({ ...view, params: parseSearchParams(query) }));
}

/** The parameters of the view the list opens in for the person. Undefined if they have not chosen one. */
export function useDefaultView(list: SavedViewList): SearchParams | undefined {
  return useSavedViews(list).find(({ isDefault }) => isDefault)?.params;
}
