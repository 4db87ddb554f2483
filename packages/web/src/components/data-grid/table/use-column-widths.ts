import { useEffect, useMemo, useState } from "react";
import { gridStorage } from "../grid-storage";

/** Widths of resized columns in pixels, saved in the browser. */
export function useColumnWidths(gridId: string, scope: string) {
  const storage = useMemo(() => gridStorage(gridId, scope), [gridId, scope]);
  const [widths, setWidths] = useState<Record<string, number>>(storage.readWidths);
  useEffect(() => storage.writeWidths(widths), [storage, widths]);
  return { widths, setWidths };
}
