import type { ApolloClient } from "@apollo/client";
import { ApolloProvider } from "@apollo/client/react";
import { type FormEvent, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { createClient } from "./client";
import { Tokens } from "./tokens";

const longDate = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

function Dashboard() {
  const [client, setClient] = useState<ApolloClient | null>(null);
  const [expiresAt, setExpiresAt] = useState<Date | null>(null);

  const connect = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setExpiresAt(null);
    setClient(createClient({ endpoint: String(form.get("endpoint")), token: String(form.get("token")) }, setExpiresAt));
  };

  return (
    <main>
      <h1>Partner dashboard</h1>
      <form onSubmit={connect}>
        <label>
          GraphQL endpoint
          <input name="endpoint" type="url" required defaultValue="http://127.0.0.1:4000/graphql" />
        </label>
        <label>
          API token
          <input name="token" type="password" required autoComplete="off" />
        </label>
        <button type="submit">Connect</button>
      </form>
      {expiresAt && <p role="status">This API token expires on {longDate.format(expiresAt)}. Ask for a new one.</p>}
      {client && (
        <ApolloProvider client={client}>
          <Tokens />
        </ApolloProvider>
      )}
    </main>
  );
}

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <Dashboard />
    </StrictMode>,
  );
