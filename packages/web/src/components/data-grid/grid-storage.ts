import type { SearchParams } from "../../lib/search-params";

/** A named set of grid parameters. */
export interface SavedView {
  name: string;
  params: SearchParams;
}

/** Stores settings of one grid for one account in the browser. Without storage (private windows), nothing is saved. */
export function gridStorage(gridId: string, scope: string) {
  const key = (what: string) => `hallpass.grid.${gridId}.${scope}.${what}`;
  return {
    readViews: () => read(key("views"), isViews) ?? [],
    writeViews: (views: SavedView[]) => write(key("views"), views),
    readWidths: () => read(key("widths"), isWidths) ?? {},
    writeWidths: (widths: Record<string, number>) => write(key("widths"), widths),
  };
}

function read<Value>(key: string, isSound: (value: unknown) => value is Value): Value | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return isSound(value) ? value : null;
  } catch {
    return null;
  }
}

function write(key: string, value: unknown) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or blocked. The page works without it.
  }
}

function isRecordOf(type: "string" | "number") {
  return (value: unknown): boolean =>
    typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each === type);
}

function isViews(value: unknown): value is SavedView[] {
  const isParams = isRecordOf("string");
  return Array.isArray(value) && value.every((view) => typeof view?.name === "string" && isParams(view.params));
}

function isWidths(value: unknown): value is Record<string, number> {
  return isRecordOf("number")(value);
}
