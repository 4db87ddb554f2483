import type { ApolloClient } from "@apollo/client";
import type { SavedViewList } from "../../gql/graphql";
import { stringifySearchParams } from "../../lib/search-params";
import { changes, readViews } from "./change-views";
import type { View } from "./view";

/**
 * Saves the views in this item of the browser’s storage as the person’s own, and removes the item. If a request fails or
 * there are too many, those that are left stay for the next time.
 */
export async function takeOver(client: ApolloClient, list: SavedViewList, key: string): Promise<void> {
  const views = viewsIn(localStorage.getItem(key));
  while (views.length > 0) {
    const { name = "", params = {} } = views[0] ?? {};
    const query = stringifySearchParams(params).slice(1);
    const fault = await changes.create(client, { list, name, query });
    if (fault?.code === "LIMIT_REACHED") break;
    // Any other error, such as a name that exists, would be the same the next time.
    views.shift();
    localStorage.setItem(key, JSON.stringify(views));
  }
  if (views.length === 0) localStorage.removeItem(key);
  await readViews(client);
}

function viewsIn(stored: string | null): View[] {
  try {
    const value: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(value) ? value.filter(isView) : [];
  } catch {
    return [];
  }
}

function isView(value: Partial<View> | null): value is View {
  const { name, params } = value ?? {};
  return (
    typeof name === "string" &&
    typeof params === "object" &&
    params !== null &&
    Object.values(params).every((each) => typeof each === "string")
  );
}
