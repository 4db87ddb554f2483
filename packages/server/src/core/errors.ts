import type { RequestErrorCode, UserError, UserErrorCode } from "@hallpass/shared";
import { GraphQLError } from "graphql";

const statusOf: Record<RequestErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  BAD_USER_INPUT: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};

interface RequestErrorOptions {
  headers?: Record<string, string>;
  /** More details for programs, in `extensions` or as members of the problem document. */
  details?: Record<string, unknown>;
}

/**
 * A whole request is rejected or fails. Over GraphQL it is an error with `extensions.code`, elsewhere a problem
 * document (RFC 9457). Both set the HTTP status.
 */
export class RequestError extends GraphQLError {
  override readonly name = "RequestError";
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly details: Record<string, unknown>;

  constructor(
    readonly code: RequestErrorCode,
    message: string,
    { headers = {}, details = {} }: RequestErrorOptions = {},
  ) {
    const status = statusOf[code];
    super(message, { extensions: { ...details, code, http: { status, headers: new Map(Object.entries(headers)) } } });
    this.status = status;
    this.headers = headers;
    this.details = details;
  }
}

/** RFC 6750, section 3. */
export const bearerChallenge = { "WWW-Authenticate": 'Bearer realm="hallpass"' };
export const invalidTokenChallenge = { "WWW-Authenticate": 'Bearer realm="hallpass", error="invalid_token"' };

export const unauthenticated = () =>
  new RequestError("UNAUTHENTICATED", "Sign in, or send an API token.", { headers: bearerChallenge });

export const invalidToken = () =>
  new RequestError("UNAUTHENTICATED", "The API token is invalid.", { headers: invalidTokenChallenge });

/** RFC 6750, section 2: one method, used once, and never in a URL. */
export const ambiguousCredentials = () =>
  new RequestError("BAD_USER_INPUT", "Send exactly one API token, in the Authorization header.", {
    headers: { "WWW-Authenticate": 'Bearer realm="hallpass", error="invalid_request"' },
  });

/**
 * RFC 6749, section 5.2: the client that wants to introspect is unknown. `presented`: it sent a credential, which is
 * invalid (RFC 6750, section 3.1).
 */
export const invalidClient = (presented: boolean) =>
  new RequestError(
    "UNAUTHENTICATED",
    "Authenticate with an API token. Send it as a Bearer token, or send its ID and value as client_id and client_secret.",
    {
      headers: {
        "WWW-Authenticate": `Bearer realm="hallpass"${presented ? ', error="invalid_token"' : ""}, Basic realm="hallpass"`,
      },
    },
  );

/** The token is valid, but not from here. */
export const outsideIpRanges = () =>
  new RequestError("FORBIDDEN", "The API token cannot be used from this IP address.", {
    headers: { "WWW-Authenticate": outsideIpRangesChallenge },
  });
export const outsideIpRangesChallenge =
  'Bearer realm="hallpass", error="insufficient_scope", error_description="The IP address is outside the token\'s ranges"';

/** The same whether the person has no role in the account, the account is closed or it does not exist. */
export const withoutRole = (accountId: string) =>
  new RequestError("FORBIDDEN", "You have no role in this account.", { details: { missingRoleIn: accountId } });

/** The token is valid, but the account the request names is not its own. */
export const tokenOfAnotherAccount = () =>
  new RequestError("FORBIDDEN", "The API token does not belong to the account named in the request.");

/** A limit was exceeded. The same request can be sent again after `retryAfterSeconds`. */
export const rateLimited = (message: string, retryAfterSeconds: number, headers: Record<string, string> = {}) =>
  new RequestError("RATE_LIMITED", message, {
    headers: { ...headers, "Retry-After": String(retryAfterSeconds) },
    details: { retryAfterSeconds },
  });

export const badInput = (message: string) => new RequestError("BAD_USER_INPUT", message);

export const unavailable = () =>
  new RequestError("SERVICE_UNAVAILABLE", "The service is temporarily unavailable. Try again shortly.", {
    headers: { "Retry-After": "5" },
  });

/** Errors in the input, returned in the payload's `userErrors`. */
export class UserInputError extends Error {
  override name = "UserInputError";
  constructor(readonly userErrors: UserError[]) {
    super(userErrors.map(({ message }) => message).join(" "));
  }
}

export function userInputError(code: UserErrorCode, message: string, ...field: string[]): UserInputError {
  return new UserInputError([{ code, field, message }]);
}
