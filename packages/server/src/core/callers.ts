import type { AccountType, Role } from "@hallpass/shared";

/** What everyone of the account may know of it. */
export interface AccountSummary {
  id: string;
  name: string;
  type: AccountType;
}

/** A person with a session, in the account that they work in. */
export interface PersonCaller {
  kind: "person";
  id: string;
  name: string;
  role: Role;
  account: AccountSummary;
  sessionId: string;
}

/** A program with a good API token. */
export interface TokenCaller {
  kind: "token";
  id: string;
  name: string;
  account: AccountSummary;
  /** What the token has and the account still has. */
  moduleIds: string[];
  /** In ms since 1970; null: never. */
  expiresAt: number | null;
  /** Which of the token's values was presented: its SHA-256, in hex. */
  digest: string;
}

/** Hallpass itself, or its command line, on behalf of an account. */
export interface SystemCaller {
  kind: "system";
  id: null;
  name: null;
  account: AccountSummary;
}

export const systemCaller = (account: AccountSummary): SystemCaller => ({
  kind: "system",
  id: null,
  name: null,
  account,
});

export type AuthenticatedCaller = PersonCaller | TokenCaller | SystemCaller;

/** Where a request came from, as audit records have it. */
export interface RequestOrigin {
  ip: string | null;
  /** The address is a proxy's, or not known: many people have it, so no limit counts by it. */
  sharedIp?: boolean;
  userAgent: string | null;
  requestId: string | null;
}
