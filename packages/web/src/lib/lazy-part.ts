import { type ComponentType, lazy, useEffect } from "react";

const parts: (() => Promise<unknown>)[] = [];

/**
 * A component outside the first load. It is fetched when first shown, or earlier once the page has its rows and is idle,
 * so that it opens without delay.
 */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  parts.push(load);
  return lazy(async () => ({ default: await load() }));
}

let announceRows: () => void = () => undefined;
const rowsShown = new Promise<void>((resolve) => {
  announceRows = resolve;
});

/** Resolves when the page has its rows, or after 3 seconds, because not every page has rows. */
export const afterFirstRows = () =>
  Promise.race([rowsShown, new Promise<void>((resolve) => setTimeout(resolve, 3_000))]);

/** Call it once the page has its rows. Fetches all lazy parts. Those that fail are retried when shown. */
export function fetchLazyParts(): void {
  const fetchAll = () => {
    announceRows();
    for (const load of parts.splice(0)) void load().catch(() => undefined);
  };
  // Safari has no requestIdleCallback.
  if ("requestIdleCallback" in window) requestIdleCallback(fetchAll);
  else setTimeout(fetchAll, 200);
}

/** Fetches all lazy parts once the page has what it shows. */
export function useLazyParts(isLoaded: boolean): void {
  useEffect(() => {
    if (isLoaded) fetchLazyParts();
  }, [isLoaded]);
}
