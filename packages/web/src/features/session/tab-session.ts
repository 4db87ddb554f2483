import { CombinedGraphQLErrors, ServerError } from "@apollo/client";
import { useSyncExternalStore } from "react";

/** Why the open page can get nothing more: the session has ended, or the person has no role any more where they work. */
export type SessionTrouble = "ended" | "role-removed";

/** What one tab knows of the session that all tabs share. */
export interface TabSession {
  /**
   * The account that this tab shows. Every request names it, for another tab may have switched the session to another.
   * Null until it is known who is here.
   */
  accountId: string | null;
  /** Takes a failed request for what it says about the session, if anything. */
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

/** What a refusal says for programs: in the extensions of an error, or in a problem document. */
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
