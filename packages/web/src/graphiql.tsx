import "graphiql/style.css";
import "./graphiql.css";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { trustOnlyPlainHtml } from "./app/trusted-types";

// The tags Markdown produces, for the schema’s descriptions.
trustOnlyPlainHtml(/<\/?(?:p|em|strong|code|pre|ul|ol|li|br|hr|h[1-6]|blockquote)>/g);

const defaultQuery = `# This runs with your session.
# To use an API token, paste its value
# after "Bearer" under Headers.
query Tokens {
  viewer {
    actor {
      name
    }
    account {
      id
      name
    }
  }
  apiTokens(first: 10) {
    nodes {
      id
      name
      status
      lastAccessAt
      modules {
        name
      }
    }
  }
}
`;

const defaultHeaders = JSON.stringify({ Authorization: "Bearer " }, null, 2);

/** Sends the session cookie. Without a value after "Bearer", the header is omitted and the session applies. */
async function fetcher(parameters: unknown, options?: { headers?: Record<string, string> }) {
  const headers = Object.entries(options?.headers ?? {}).filter(([, value]) => value.trim() !== "Bearer");
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: { ...Object.fromEntries(headers), "content-type": "application/json" },
    body: JSON.stringify(parameters),
  });
  return response.json();
}

/** What the explorer may store. Headers and the history contain token values, so they are never stored. */
const keptKeys = ["query", "variables", "operationName", "tabState", "theme"].map((key) => `graphiql:${key}`);

const storage = {
  getItem: (key: string) => localStorage.getItem(key),
  setItem(key: string, value: string) {
    if (keptKeys.includes(key)) localStorage.setItem(key, value);
  },
  removeItem: (key: string) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
  get length() {
    return localStorage.length;
  },
};

const root = document.getElementById("graphiql");
if (root)
  createRoot(root).render(
    <GraphiQL
      fetcher={fetcher}
      defaultQuery={defaultQuery}
      defaultHeaders={defaultHeaders}
      defaultEditorToolsVisibility="headers"
      storage={storage}
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
    />,
  );
