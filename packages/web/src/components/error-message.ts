import { CombinedGraphQLErrors, ServerError } from "@apollo/client";

const byCode: Record<string, string> = {
  FORBIDDEN: "You are not allowed to do this.",
  RATE_LIMITED: "Too many attempts. Wait a minute, then try again.",
  SERVICE_UNAVAILABLE: "Hallpass cannot reach its database at the moment.",
  UNAUTHENTICATED: "Your session has ended. Sign in again.",
};

/** What happened, in words for the person in front of the page. */
export function errorMessage(error: unknown): string {
  if (CombinedGraphQLErrors.is(error)) {
    const [first] = error.errors;
    if (first?.extensions?.missingRoleIn) return "You have no role in this account.";
    // The server says what there was too much of, and for how long.
    if (first?.extensions?.code === "RATE_LIMITED") return first.message;
    return byCode[String(first?.extensions?.code)] ?? first?.message ?? "Hallpass could not answer.";
  }
  if (ServerError.is(error)) return messageOfStatus(error.statusCode);
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return "Hallpass did not answer in time. It may be busy, or your connection is slow.";
  }
  if (isPartMissing(error)) return "A part of this page could not be fetched. Hallpass may have been updated.";
  if (error instanceof TypeError) return "Hallpass cannot be reached. Check your connection.";
  return "Something went wrong.";
}

const codes: Record<number, string> = {
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  429: "RATE_LIMITED",
  503: "SERVICE_UNAVAILABLE",
};

function messageOfStatus(status: number): string {
  return byCode[codes[status] ?? ""] ?? `Hallpass answered with an error (${status}).`;
}

/** A file of the app that a page or dialog needs only now: in the words of Chromium, Firefox, Safari and Vite. */
export function isPartMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    /dynamically imported module|importing a module script|unable to preload/i.test(error.message)
  );
}
