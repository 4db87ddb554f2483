import "./app/styles";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createApolloClient } from "./app/apollo-client";
import { App } from "./app/app";
import { createAppRouter } from "./app/routes";
import { trustOnlyPlainHtml } from "./app/trusted-types";
import { reloadWhenUpdated } from "./features/app-shell/reload-when-updated";
import { createTabSession } from "./features/session/tab-session";

trustOnlyPlainHtml();
reloadWhenUpdated(() => window.location.reload());

const session = createTabSession();
const client = createApolloClient({ session });
const router = createAppRouter({ client, session });
const root = document.getElementById("root");

if (root) {
  createRoot(root).render(
    <StrictMode>
      <App client={client} router={router} />
    </StrictMode>,
  );
}
