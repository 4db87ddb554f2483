import "graphiql/style.css";
import "./graphiql.css";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { trustOnlyPlainHtml } from "./app/trusted-types";

// What Markdown becomes: the schema's descriptions are shown as that.
trustOnlyPlainHtml(/<\/?(?:p|em|strong|code|pre|ul|ol|li|br|hr|h[1-6]|blockquote)>/g);

/** The session's cookie goes along: what the explorer sees is what the signed-in person may see. */
async function fetcher(parameters: unknown, options?: { headers?: Record<string, string> }) {
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: { ...options?.headers, "content-type": "application/json" },
    body: JSON.stringify(parameters),
  });
  return response.json();
}

const root = document.getElementById("graphiql");
if (root) createRoot(root).render(<GraphiQL fetcher={fetcher} />);
