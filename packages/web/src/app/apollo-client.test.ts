import { createTabSession } from "../features/session/tab-session";
import { viewerDocument } from "../features/session/viewer";
import { errorMessage } from "../lib/error-message";
import { createApolloClient } from "./apollo-client";

/** A server that takes requests and never answers. */
function hangingFetch(_input: unknown, { signal }: RequestInit = {}): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}

it("gives up on a request that times out, and says so", async () => {
  Object.assign(globalThis, { fetch: hangingFetch });
  const client = createApolloClient({ session: createTabSession(), timeLimit: 20 });
  const error = await client.query({ query: viewerDocument }).catch((reason: unknown) => reason);
  expect(errorMessage(error)).toMatch(/^The request timed out\./);
});
