import { CombinedGraphQLErrors, ServerError } from "@apollo/client";
import { useSyncExternalStore } from "react";

/** Why the page’s requests fail: the session has ended, or the user lost their role in the account. */
export type SessionTrouble = "ended" | "role-removed";

/** One tab’s view of the session shared by all tabs. */
export interface TabSession {
  /**
   * The tab’s account, sent with every request because another tab may have switched the session’s account.
   * Null until the viewer is known.
   */
  accountId: string | null;
  /** Checks a failed request for session trouble. */
  report(error: unknown): void;
  setTrouble(trouble: SessionTrouble | null): void;
  trouble(): SessionTrouble | null;
  subscribe(listener: () => void): () => void;
}

export function createTabSession(): TabSession {
  const listeners = new Set<() => void>();
  let trouble: SessionTrouble | null = null;
  const session: TabSession = {
    accountId: null,
    report(error) {
      const { code, missingRoleIn } = factsOf(error);
      if (code === "UNAUTHENTICATED") session.setTrouble("ended");
      if (missingRoleIn && missingRoleIn === session.accountId) session.setTrouble("role-removed");
    },
    setTrouble(value) {
      trouble = value;
      for (const listener of listeners) listener();
    },
    trouble: () => trouble,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return session;
}

export function useSessionTrouble(session: TabSession): SessionTrouble | null {
  return useSyncExternalStore(session.subscribe, session.trouble);
}

interface Facts {
  code?: unknown;
  missingRoleIn?: unknown;
}

/** Reads the machine-readable details of an error from its extensions or problem document. */
function factsOf(error: unknown): Facts {
  if (CombinedGraphQLErrors.is(error)) return Object.assign({}, ...error.errors.map(({ extensions }) => extensions));
  if (!ServerError.is(error)) return {};
  if (error.statusCode === 401) return { code: "UNAUTHENTICATED" };
  try {
    return JSON.parse(error.bodyText) as Facts;
  } catch {
    return {};
  }
}
