import pLimit, { type LimitFunction } from "p-limit";
import type { AuthenticatedCaller, PersonCaller, RequestOrigin, TokenCaller } from "../core/callers.js";
import type { AppContext } from "./app-context.js";
import { type Budget, createBudget } from "./budget.js";
import { createLoaders, type Loaders } from "./loaders.js";

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
  /** The account that the request itself names; it is answered in no other. Null when it names none. */
  namedAccountId: string | null;
  /** Of the cookie that came along, with a token too; the session may have ended. Null without a cookie. */
  sessionId: string | null;
  origin: RequestOrigin;
  loaders: Loaders;
  /** The concurrency limit of statements made row by row, so that one request cannot take every connection. */
  statementLimit: LimitFunction;
  /** What may still be read, in fields of rows; see graphql/query-limits.ts. */
  budget: Budget;
  /** Sends a session cookie with the answer; null takes it away. */
  setSessionCookie(value: string | null): void;
}

const statementsAtOnce = 4;

export function createRequestContext(
  app: AppContext,
  request: Pick<RequestContext, "caller" | "namedAccountId" | "sessionId" | "origin" | "setSessionCookie">,
): RequestContext {
  return {
    app,
    ...request,
    arrivedAt: app.now().getTime(),
    loaders: createLoaders(app.dataSource),
    statementLimit: pLimit(statementsAtOnce),
    budget: createBudget(),
  };
}

/** The context of a request whose caller the root field's permission has already assured. */
export function callContext(context: RequestContext): CallContext<PersonCaller | TokenCaller> {
  if (!context.caller) throw new Error("This root field is open to anyone; it has no caller.");
  return { app: context.app, caller: context.caller, origin: context.origin };
}
