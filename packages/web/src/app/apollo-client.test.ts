import { createTabSession } from "../features/session/tab-session";
import { viewerDocument } from "../features/session/viewer";
import { errorMessage } from "../lib/error-message";
import { createApolloClient } from "./apollo-client";

/** Accepts requests but never responds. */
function hangingFetch(_input: unknown, { signal }: RequestInit = {}): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}

test("A request that times out fails with a timeout message", async () => {
  Object.assign(globalThis, { fetch: hangingFetch });
  const client = createApolloClient({ session: createTabSession(), timeLimit: 20 });
  const error = await client.query({ query: viewerDocument }).catch((reason: unknown) => reason);
  expect(errorMessage(error)).toMatch(/^The request timed out\./);
});
