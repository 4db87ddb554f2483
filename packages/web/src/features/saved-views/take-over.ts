import type { ApolloClient } from "@apollo/client";
import { limits } from "@hallpass/shared";
import type { SavedViewList } from "../../gql/graphql";
import { stringifySearchParams } from "../../lib/search-params";
import { changes, readViews } from "./change-views";
import { savedViewsOf } from "./saved-views";
import { hasSameParams, type View } from "./view";

const maxSameNames = 9;

interface Place {
  list: SavedViewList;
  accountId: string;
  /** Key in the browser’s storage. */
  key: string;
}

/**
 * Saves the views in this item of the browser’s storage as the person’s own, and removes the item. If a request fails or
 * there are too many, those that are left stay for the next time.
 */
export async function takeOver(client: ApolloClient, place: Place): Promise<void> {
  const { key, list } = place;
  const views = viewsIn(localStorage.getItem(key));
  const viewer = (await readViews(client)).data?.viewer;
  const saved = viewer ? savedViewsOf(viewer, list) : [];
  for (let [view] = views; view; [view] = views) {
    const { name, params } = view;
    const isSaved = saved.some((each) => each.name === name && hasSameParams(each.params, params));
    if (!isSaved && !(await save(client, place, view))) break;
    views.shift();
    localStorage.setItem(key, JSON.stringify(views));
  }
  if (views.length === 0) localStorage.removeItem(key);
  await readViews(client);
}

/** False if there are too many views. Another view of the same name gets a number. */
async function save(client: ApolloClient, { list, accountId }: Place, { name, params }: View): Promise<boolean> {
  const query = stringifySearchParams(params).slice(1);
  for (let number = 1; number <= maxSameNames; number++) {
    const suffix = number > 1 ? ` (${number})` : "";
    const input = { list, name: name.slice(0, limits.viewNameLength - suffix.length) + suffix, query };
    const fault = await changes.create(client, input, accountId);
    if (fault?.code === "LIMIT_REACHED") return false;
    if (fault?.field?.[0] !== "name") return true;
  }
  return true;
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
