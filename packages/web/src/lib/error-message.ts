import { CombinedGraphQLErrors, ServerError } from "@apollo/client";

const byCode: Record<string, string> = {
  FORBIDDEN: "You don’t have permission to do this.",
  RATE_LIMITED: "Too many attempts. Try again in a minute.",
  SERVICE_UNAVAILABLE: "Hallpass can’t reach its database right now.",
  UNAUTHENTICATED: "Your session has ended. Sign in again.",
};

/** A user-facing message for an error. */
export function errorMessage(error: unknown): string {
  if (CombinedGraphQLErrors.is(error)) {
    const [first] = error.errors;
    if (first?.extensions?.missingRoleIn) return "You have no role in this account.";
    if (first?.extensions?.recentSignInRequired) return "This action requires a recent sign-in.";
    // The server’s message names the limit and the waiting time.
    if (first?.extensions?.code === "RATE_LIMITED") return first.message;
    return byCode[String(first?.extensions?.code)] ?? first?.message ?? "Hallpass couldn’t complete the request.";
  }
  if (ServerError.is(error)) return messageOfStatus(error.statusCode);
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return "The request timed out. Hallpass may be busy, or your connection may be slow.";
  }
  if (isPartMissing(error)) return "Couldn’t load part of this page. Hallpass may have been updated.";
  if (isUnreachable(error)) return "Can’t reach Hallpass. Check your connection.";
  return "Something went wrong.";
}

const codes: Record<number, string> = {
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  429: "RATE_LIMITED",
  503: "SERVICE_UNAVAILABLE",
};

function messageOfStatus(status: number): string {
  return byCode[codes[status] ?? ""] ?? `Hallpass returned an error (${status}).`;
}

/** Whether fetch got no response. Matches the messages of Chromium, Firefox and Safari: a bug is a TypeError too. */
function isUnreachable(error: unknown): boolean {
  return (
    error instanceof TypeError && /failed to fetch|networkerror|load failed|network connection/i.test(error.message)
  );
}

/** Whether a lazy part of the app failed to load. Matches the messages of Chromium, Firefox, Safari and Vite. */
export function isPartMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    /dynamically imported module|importing a module script|unable to preload/i.test(error.message)
  );
}
