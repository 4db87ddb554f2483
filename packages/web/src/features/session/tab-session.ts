import { CombinedGraphQLErrors, ServerError } from "@apollo/client";
import { useSyncExternalStore } from "react";

/**
 * Why the page’s requests fail: the session has ended, the user lost their role in the account, or the account’s policy
 * requires a recent sign-in.
 */
export type SessionTrouble = "ended" | "role-removed" | "not-recent";

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
  /** Asks the user to sign in again. Resolves to whether they did, or gave up. */
  signInAgain(): Promise<boolean>;
  /** Call it when they have, or have not. */
  signedInAgain(did: boolean): void;
  trouble(): SessionTrouble | null;
  subscribe(listener: () => void): () => void;
}

export function createTabSession(): TabSession {
  const listeners = new Set<() => void>();
  let trouble: SessionTrouble | null = null;
  let waiting: ((did: boolean) => void)[] = [];
  const settle = (did: boolean) => {
    const settled = waiting;
    waiting = [];
    for (const resolve of settled) resolve(did);
  };
  const session: TabSession = {
    accountId: null,
    report(error) {
      const { code, missingRoleIn } = factsOf(error);
      if (code === "UNAUTHENTICATED") session.setTrouble("ended");
      if (missingRoleIn && missingRoleIn === session.accountId) session.setTrouble("role-removed");
    },
    setTrouble(value) {
      trouble = value;
      // Whoever waits for the user to sign in again must not go on later, for another user or in another account.
      if (value !== "not-recent") settle(false);
      for (const listener of listeners) listener();
    },
    signInAgain() {
      session.setTrouble("not-recent");
      return new Promise((resolve) => waiting.push(resolve));
    },
    signedInAgain(did) {
      settle(did);
      session.setTrouble(null);
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
  recentSignInRequired?: unknown;
}

export const needsRecentSignIn = (error: unknown): boolean => factsOf(error).recentSignInRequired === true;

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
