import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createApolloClient } from "../apollo-client";
import { App } from "../app";
import { createTabSession } from "../features/session/tab-session";
import { createAppRouter } from "../routes";
import { createFakeServer, type FakeServer } from "./fake-server";

/** The whole app at an address, with a server in memory. `renderApp("/settings/api-tokens", { role: "AUDITOR" })` */
export function renderApp(path: string, options: Parameters<typeof createFakeServer>[0] | FakeServer = {}) {
  const server = "link" in options ? options : createFakeServer(options);
  const session = createTabSession();
  const client = createApolloClient({ session, transport: server.link });
  const history = createMemoryHistory({ initialEntries: [path] });
  const router = createAppRouter({ client, session }, history);
  const user = userEvent.setup({ delay: null });
  const view = render(<App client={client} router={router} env="test" />);
  return { ...view, user, server, client, router, address: () => history.location.href, history };
}
