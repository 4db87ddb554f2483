import { notifications } from "@mantine/notifications";
import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createApolloClient } from "../app/apollo-client";
import { App } from "../app/app";
import { createAppRouter } from "../app/routes";
import { createTabSession } from "../features/session/tab-session";
import { withoutAccount } from "../lib/account-url";
import { fetchLazyParts } from "../lib/lazy-part";
import { createFakeServer, type FakeServer } from "./fake-server";

// A part that arrived while no test waits would be an update outside act().
fetchLazyParts();

// A message of the last test could be taken for one of the next.
afterEach(() => notifications.clean());

/** Renders the app with an in-memory server, e.g. `renderApp("/settings/api-tokens", { role: "AUDITOR" })`. */
export function renderApp(path: string, options: Parameters<typeof createFakeServer>[0] | FakeServer = {}) {
  const server = "link" in options ? options : createFakeServer(options);
  const session = createTabSession();
  const client = createApolloClient({ session, transport: server.link });
  const history = createMemoryHistory({ initialEntries: [path] });
  const router = createAppRouter({ client, session }, history);
  const user = userEvent.setup({ delay: null });
  const view = render(<App client={client} router={router} env="test" />);
  return { ...view, user, server, client, router, url: () => withoutAccount(history.location.href), history };
}
