import { text } from "hallpass:text/StartDocument";
import type { StartRequest } from "./features/api-tokens/list/start-query";

// A small separate script that requests the first page’s data while the app’s code is loading.
// features/api-tokens/list/start-query.ts reads the response.
const [isList, account] = /^(?:\/(ACC(?:-\d{4}){2,5}))?\/(?:settings\/api-tokens\/?)?$/.exec(location.pathname) ?? [];
if (isList !== undefined && location.search === "") {
  // The variables useApiTokens uses for a URL without parameters.
  const variables = { first: 10, offset: 0, filter: null, orderBy: null };
  const response = fetch("/graphql", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json,application/json",
      ...(account && { "Hallpass-Account": account }),
    },
    credentials: "same-origin",
    body: JSON.stringify({ operationName: "Start", query: text, variables }),
    signal: AbortSignal.timeout(15_000),
  })
    .then(async (answer) => ({ ...(await answer.json()), at: Date.now() }))
    // The app retries and shows any error.
    .catch(() => ({}));
  (window as { hallpassStart?: StartRequest }).hallpassStart = { variables, response };
}
