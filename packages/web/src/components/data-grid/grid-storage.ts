/** Stores column widths of one grid for one account in the browser. Without storage (private windows), nothing is saved. */
export function gridStorage(gridId: string, scope: string) {
  const key = `hallpass.grid.${gridId}.${scope}.widths`;
  return {
    readWidths(): Record<string, number> {
      try {
        const value: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
        return isWidths(value) ? value : {};
      } catch {
        return {};
      }
    },
    writeWidths(widths: Record<string, number>) {
      try {
        localStorage.setItem(key, JSON.stringify(widths));
      } catch {
        // Storage is full or blocked. The page works without it.
      }
    },
  };
}

function isWidths(value: unknown): value is Record<string, number> {
  return typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each === "number");
}
