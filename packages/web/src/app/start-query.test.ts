import { screen, waitFor } from "@testing-library/react";
import { type StartRequest, startDocument } from "../features/api-tokens/list/start-query";
import { createTabSession } from "../features/session/tab-session";
import { createFakeServer } from "../test/fake-server";
import { renderApp } from "../test/render-app";
import { createApolloClient } from "./apollo-client";

/** As start.ts has them. */
const variables = { first: 10, offset: 0, filter: null, orderBy: null };

describe("First page requested before the app’s code arrives", () => {
  async function open(response: (answer: Awaited<StartRequest["response"]>) => Awaited<StartRequest["response"]>) {
    const server = createFakeServer();
    const early = createApolloClient({ session: createTabSession(), transport: server.link });
    const { data } = await early.query({ query: startDocument, variables });
    server.requests.length = 0;
    const answer = response({ data: data ?? null, at: Date.now() });
    (window as { hallpassStart?: StartRequest }).hallpassStart = { variables, response: Promise.resolve(answer) };
    renderApp("/settings/api-tokens", server);
    await waitFor(() => expect(screen.getAllByRole("row").length).toBeGreaterThan(1));
    return server.requests.map(({ operation }) => operation);
  }

  test("Its answer is shown without another request", async () => {
    expect(await open((answer) => answer)).toEqual([]);
  });

  test("An answer over 10 seconds old is shown, and the list is requested again", async () => {
    expect(await open(({ data }) => ({ data: data ?? null, at: Date.now() - 11_000 }))).toEqual(["ApiTokens"]);
  });

  test("If it failed, the app requests the viewer and the list itself", async () => {
    expect(await open(() => ({}))).toEqual(["Viewer", "ApiTokens"]);
  });
});
