import type { AccountType, Role } from "@hallpass/shared";

/** Details of an account that everyone in it may see. */
export interface AccountSummary {
  id: string;
  name: string;
  type: AccountType;
}

/** A signed-in user, in their current account. */
export interface PersonCaller {
  kind: "person";
  id: string;
  name: string;
  role: Role;
  account: AccountSummary;
  sessionId: string;
}

/** A program with a valid API token. */
export interface TokenCaller {
  kind: "token";
  id: string;
  name: string;
  account: AccountSummary;
  /** Modules granted to the token that the account still has. */
  moduleIds: readonly string[];
  /** In ms since 1970. Null if never. */
  expiresAt: number | null;
  /** CIDRs the token can be used from. Empty for anywhere. */
  ipRanges: string[];
  rateLimit: { requests: number; perSeconds: number } | null;
  /** SHA-256 of the presented value, in hex. Identifies which of the token's values it is. */
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

/** The origin of a request, as stored in audit records. */
export interface RequestOrigin {
  ip: string | null;
  /** The IP address is a proxy's or not known. Many people share it, so no limit counts by it. */
  sharedIp?: boolean;
  userAgent: string | null;
  requestId: string | null;
}
