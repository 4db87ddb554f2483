import pLimit, { type LimitFunction } from "p-limit";
import type { AuthenticatedCaller, PersonCaller, RequestOrigin, TokenCaller } from "../core/caller-types.js";
import type { AppContext } from "./app-context.js";
import { type Budget, createBudget } from "./budget.js";
import { createLoaders, type Loaders } from "./loaders.js";

/** An authenticated caller, and what is needed to serve them. The first argument of service functions. */
export interface CallContext<Caller extends AuthenticatedCaller = AuthenticatedCaller> {
  app: AppContext;
  caller: Caller;
  origin: RequestOrigin;
}

export type PersonContext = CallContext<PersonCaller>;

/** One GraphQL request. The caller is null until someone signs in. */
export interface RequestContext {
  app: AppContext;
  caller: PersonCaller | TokenCaller | null;
  /** When the caller was identified, in ms since 1970. */
  arrivedAt: number;
  /** The account the request names, the only one it is answered in. Null if it names none. */
  namedAccountId: string | null;
  /**
   * Session ID of the request's cookie, even if a token was sent too. The session may have ended. Null without a
   * cookie.
   */
  sessionId: string | null;
  origin: RequestOrigin;
  loaders: Loaders;
  /** Concurrency limit of per-row statements, so that one request cannot take every connection. */
  statementLimit<T>(work: () => Promise<T>): Promise<T>;
  /** The remaining cost, in fields of rows. See graphql/query-limits.ts. */
  budget: Budget;
  /** Sends a session cookie with the response. Null deletes the cookie. */
  setSessionCookie(value: string | null): void;
}

const statementsAtOnce = 4;

export function createRequestContext(
  app: AppContext,
  request: Pick<RequestContext, "caller" | "namedAccountId" | "sessionId" | "origin" | "setSessionCookie">,
): RequestContext {
  let limit: LimitFunction | undefined;
  return {
    app,
    ...request,
    arrivedAt: app.now().getTime(),
    loaders: createLoaders(app.dataSource),
    statementLimit(work) {
      limit ??= pLimit(statementsAtOnce);
      return limit(work);
    },
    budget: createBudget(),
  };
}

/** The context of a request whose root field requires a caller. Throws if there is none. */
export function callContext(context: RequestContext): CallContext<PersonCaller | TokenCaller> {
  if (!context.caller) throw new Error("This root field is open to anyone and has no caller.");
  return { app: context.app, caller: context.caller, origin: context.origin };
}

/** The context of a request whose root field only people may call. */
export function personContext(context: RequestContext): PersonContext {
  const { caller, ...rest } = callContext(context);
  if (caller.kind !== "person") throw new Error("This root field is open to tokens, too.");
  return { ...rest, caller };
}
