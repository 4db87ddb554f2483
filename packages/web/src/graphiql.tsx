import "graphiql/style.css";
import "./graphiql.css";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { trustOnlyPlainHtml } from "./app/trusted-types";

// What Markdown becomes: the schema's descriptions are shown as that.
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

/** The session's cookie is sent along. Without a value after "Bearer" the header is left out, so the session counts. */
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

const root = document.getElementById("graphiql");
if (root)
  createRoot(root).render(
    <GraphiQL
      fetcher={fetcher}
      defaultQuery={defaultQuery}
      defaultHeaders={defaultHeaders}
      defaultEditorToolsVisibility="headers"
      // A value must not stay in the browser's storage.
      shouldPersistHeaders={false}
    />,
  );
