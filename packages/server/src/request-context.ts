import type { Role } from "@hallpass/shared";
import pLimit, { type LimitFunction } from "p-limit";
import type { AppContext } from "./app-context.js";
import type { AccountSummary } from "./features/accounts/account.entity.js";
import { type Budget, createBudget } from "./list-budget.js";
import { createLoaders, type Loaders } from "./loaders.js";

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

/** Someone who may ask, and what is needed to answer them: a service function's first argument. */
export interface CallContext<Caller extends AuthenticatedCaller = AuthenticatedCaller> {
  app: AppContext;
  caller: Caller;
  origin: RequestOrigin;
}

/** One GraphQL request. The caller is null until somebody has signed in. */
export interface RequestContext {
  app: AppContext;
  caller: PersonCaller | TokenCaller | null;
  /** When the caller was established, in ms since 1970. */
  arrivedAt: number;
  origin: RequestOrigin;
  loaders: Loaders;
  /** The concurrency limit of statements made row by row, so that one request cannot take every connection. */
  turns: LimitFunction;
  /** What may still be read, in fields of rows; see query-limits.ts. */
  budget: Budget;
  /** Sends a session cookie with the answer; null takes it away. */
  setSessionCookie(value: string | null): void;
}

const statementsAtOnce = 4;

export function createRequestContext(
  app: AppContext,
  request: Pick<RequestContext, "caller" | "origin" | "setSessionCookie">,
): RequestContext {
  return {
    app,
    ...request,
    arrivedAt: app.now().getTime(),
    loaders: createLoaders(app.dataSource),
    turns: pLimit(statementsAtOnce),
    budget: createBudget(),
  };
}

/** The context of a request whose caller the root field's permission has already assured. */
export function callContext(context: RequestContext): CallContext<PersonCaller | TokenCaller> {
  if (!context.caller) throw new Error("This root field is open to anyone; it has no caller.");
  return { app: context.app, caller: context.caller, origin: context.origin };
}
