/** Kinds of input errors, in `userErrors`. */
export const userErrorCodes = [
  "REQUIRED",
  "INVALID",
  "TOO_LONG",
  "NOT_FOUND",
  "MODULE_NOT_ENABLED",
  "ILLEGAL_TRANSITION",
  "VERSION_CONFLICT",
  "LIMIT_REACHED",
  "WRONG_CREDENTIALS",
] as const;
export type UserErrorCode = (typeof userErrorCodes)[number];

/** Why a whole request was rejected or failed, in `extensions.code`. */
export const requestErrorCodes = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "RATE_LIMITED",
  "BAD_USER_INPUT",
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "SERVICE_UNAVAILABLE",
  "INTERNAL_SERVER_ERROR",
] as const;
export type RequestErrorCode = (typeof requestErrorCodes)[number];
