import "./styles";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createApolloClient } from "./apollo-client";
import { App } from "./app";
import { reloadWhenUpdated } from "./features/app-shell/reload-when-updated";
import { createSessionEnd } from "./features/session/session-end";
import { createAppRouter } from "./routes";
import { trustOnlyPlainHtml } from "./trusted-types";

trustOnlyPlainHtml();
reloadWhenUpdated(() => window.location.reload());

const sessionEnd = createSessionEnd();
const client = createApolloClient({ onSessionEnded: sessionEnd.report });
const router = createAppRouter({ client, sessionEnd });
const root = document.getElementById("root");

if (root) {
  createRoot(root).render(
    <StrictMode>
      <App client={client} router={router} />
    </StrictMode>,
  );
}
