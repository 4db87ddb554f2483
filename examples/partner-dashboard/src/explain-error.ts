import { CombinedGraphQLErrors, ServerError } from "@apollo/client";

const explanations: Record<string, string> = {
  UNAUTHENTICATED: "The token is not valid. It may have been disabled, deleted or rotated, or it has expired.",
  RATE_LIMITED: "Too many requests. Try again in a moment.",
  SERVICE_UNAVAILABLE: "Hallpass is temporarily unavailable. Try again in a moment.",
};

/** What a person can do about a failed request. */
export function explainError(error: Error): string {
  const code = codeOf(error);
  // FORBIDDEN and input errors have messages for people.
  if (code) return explanations[code] ?? error.message;
  return "Hallpass can’t be reached. Check the endpoint, and that CORS_ORIGINS lists this page’s origin.";
}

/** Apollo Client does not parse the body of a response that is neither 200 nor application/graphql-response+json. */
function codeOf(error: Error): string | undefined {
  if (CombinedGraphQLErrors.is(error)) return error.errors[0]?.extensions?.code as string | undefined;
  if (!ServerError.is(error)) return undefined;
  try {
    return JSON.parse(error.bodyText).errors[0].extensions.code;
  } catch {
    return undefined;
  }
}
