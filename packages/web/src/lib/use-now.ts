import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval>;

function tick(): void {
  // Hidden pages are updated when they become visible.
  if (document.visibilityState === "hidden") return;
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    timer = setInterval(tick, 60_000);
    document.addEventListener("visibilitychange", tick);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}

/** The time in milliseconds, updated every minute. One timer for the whole page, and none while unused. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => {
    // The time is stale if there were no listeners.
    if (listeners.size === 0 && Math.abs(Date.now() - now) > 1000) now = Date.now();
    return now;
  });
}
