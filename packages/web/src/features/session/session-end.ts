import { useSyncExternalStore } from "react";

/** Tells the open page that the server no longer knows the session. */
export interface SessionEnd {
  report(): void;
  clear(): void;
  isEnded(): boolean;
  subscribe(listener: () => void): () => void;
}

export function createSessionEnd(): SessionEnd {
  const listeners = new Set<() => void>();
  let ended = false;
  const set = (value: boolean) => {
    ended = value;
    for (const listener of listeners) listener();
  };
  return {
    report: () => set(true),
    clear: () => set(false),
    isEnded: () => ended,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useSessionEnded(sessionEnd: SessionEnd): boolean {
  return useSyncExternalStore(sessionEnd.subscribe, sessionEnd.isEnded);
}
