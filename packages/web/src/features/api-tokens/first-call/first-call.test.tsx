import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type FakeToken, makeToken } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";
import { languages, snippetFor, targetsFor } from "./snippets";

const token = makeToken(1, { lastAccessAt: null, lastAccessIp: null, lastAccessUserAgent: null });
const path = `/settings/api-tokens/${token.id}`;
const open = (changes: Partial<FakeToken> = {}) => renderApp(path, { tokens: [{ ...token, ...changes }] });
const asked = ({ server }: ReturnType<typeof renderApp>) =>
  server.requests.filter(({ operation }) => operation === "ApiTokenFirstUse").length;

function setVisibility(state: "hidden" | "visible") {
  jest.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
}

afterEach(() => jest.restoreAllMocks());

describe("First call", () => {
  test("The first call is shown in three languages without the value", async () => {
    const { user } = open();
    await screen.findByRole("heading", { name: "First call" });
    const panel = () => screen.getByRole("tabpanel", { name: /curl|JavaScript|Python/ });
    expect(panel()).toHaveTextContent("curl 'http://127.0.0.1:4000/graphql'");
    expect(panel()).toHaveTextContent("curl 'https://api.example.com/'");
    expect(panel()).toHaveTextContent("Authorization: Bearer hp_12340001_••••••••");
    await user.click(screen.getByRole("tab", { name: "JavaScript" }));
    expect(panel()).toHaveTextContent('await fetch("http://127.0.0.1:4000/graphql"');
    await user.click(screen.getByRole("tab", { name: "Python" }));
    expect(panel()).toHaveTextContent("requests.post(");
    expect(document.body).not.toHaveTextContent(token.value);
  });

  test("The value is inserted on request and removed when the window is hidden", async () => {
    const view = open();
    await view.user.click(await screen.findByRole("button", { name: "Insert token value" }));
    expect(await screen.findAllByText(new RegExp(`Bearer ${token.value}`))).toHaveLength(2);
    expect(view.server.lastVariables("RevealApiToken")).toEqual({ input: { id: token.id, purpose: "COPY" } });
    expect(JSON.stringify(view.client.extract())).not.toContain(token.value);
    setVisibility("hidden");
    expect(document.body).not.toHaveTextContent(token.value);
    expect(screen.getByRole("button", { name: "Insert token value" })).toBeVisible();
  });

  test("The command can be copied with the value without showing it", async () => {
    const view = open();
    await view.user.click(await screen.findByRole("button", { name: "Copy command with the API token" }));
    await waitFor(async () => expect(await navigator.clipboard.readText()).toContain(`Bearer ${token.value}'`));
    expect(view.server.lastVariables("RevealApiToken")).toEqual({ input: { id: token.id, purpose: "COPY" } });
    expect(document.body).not.toHaveTextContent(token.value);
  });

  test("An auditor can copy the command only without the value", async () => {
    const view = renderApp(path, { tokens: [{ ...token }], role: "AUDITOR" });
    await view.user.click(await screen.findByRole("button", { name: "Copy command without the API token" }));
    await waitFor(async () => expect(await navigator.clipboard.readText()).toContain("Bearer hp_12340001_••••••••'"));
    expect(screen.queryByRole("button", { name: "Insert token value" })).not.toBeInTheDocument();
    expect(view.server.lastVariables("RevealApiToken")).toBeUndefined();
  });

  test("A failed request for the value shows an error", async () => {
    const view = open();
    view.server.trouble("RevealApiToken", "offline");
    await view.user.click(await screen.findByRole("button", { name: "Insert token value" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Can’t reach Hallpass.");
  });
});

describe("First-request light", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

  test("The first request turns the light green and stops polling", async () => {
    const view = open();
    expect(await screen.findByText("Waiting for the first request…")).toBeVisible();
    await pass(3100);
    const before = asked(view);
    expect(before).toBeGreaterThan(0);
    Object.assign(view.server.state.tokens[0] as FakeToken, {
      lastAccessAt: new Date(Date.now() + 1000).toISOString(),
      lastAccessIp: "127.0.0.1",
    });
    await pass(3100);
    expect(await screen.findByText(/^First request received/)).toHaveTextContent(
      /received [123] s ago from 127\.0\.0\.1/,
    );
    const after = asked(view);
    await pass(20_000);
    expect(asked(view)).toBe(after);
    // The rest of the page updates too.
    expect(screen.queryByText("Never used")).not.toBeInTheDocument();
  });

  test("Polling pauses while the window is hidden", async () => {
    const view = open();
    await screen.findByText("Waiting for the first request…");
    setVisibility("hidden");
    await pass(100);
    const before = asked(view);
    await pass(30_000);
    expect(asked(view)).toBe(before);
    setVisibility("visible");
    await pass(3500);
    expect(asked(view)).toBeGreaterThan(before);
  });

  test("Polling stops after 10 minutes", async () => {
    const view = open();
    await screen.findByText("Waiting for the first request…");
    await pass(600_500);
    expect(screen.getByText("No requests in 10 minutes.")).toBeVisible();
    const before = asked(view);
    await pass(30_000);
    expect(asked(view)).toBe(before);
    await act(async () => screen.getByRole("button", { name: "Keep waiting" }).click());
    await pass(3500);
    expect(asked(view)).toBeGreaterThan(before);
  });

  test("A token that has been used is not polled", async () => {
    const view = open({ lastAccessAt: new Date(Date.now() - 330_000).toISOString(), lastAccessIp: "203.0.113.7" });
    expect(await screen.findByText(/^Last request/)).toHaveTextContent(/5 minutes ago.* from 203\.0\.113\.7/);
    await pass(20_000);
    expect(asked(view)).toBe(0);
  });

  test("A disabled token is not polled", async () => {
    const view = open({ status: "DISABLED" });
    expect(await screen.findByText(/^Never used\. Requests are denied/)).toBeVisible();
    await pass(20_000);
    expect(asked(view)).toBe(0);
  });

  test("The light appears in the summary of a new token", async () => {
    const view = renderApp("/settings/api-tokens/add", { tokens: [] });
    const user = userEvent.setup({ delay: null, advanceTimers: jest.advanceTimersByTime });
    await user.type(await screen.findByLabelText("API token name"), "Robot{Enter}");
    await user.click(await screen.findByRole("checkbox", { name: /Orders/ }));
    const dialog = screen.getByRole("dialog", { name: "Add API token" });
    await user.click(within(dialog).getByRole("button", { name: "Next" }));
    await user.click(await within(dialog).findByRole("button", { name: "Add" }));
    expect(await screen.findByText("Waiting for the first request…")).toBeVisible();
    Object.assign(view.server.state.tokens[0] as FakeToken, {
      lastAccessAt: new Date().toISOString(),
      lastAccessIp: "127.0.0.1",
    });
    await pass(3100);
    expect(await screen.findByText(/^First request received/)).toHaveTextContent("from 127.0.0.1");
  });
});

describe("Snippets", () => {
  const page = new URL("https://hallpass.example/settings/api-tokens");

  test("Snippets call Hallpass and the platform’s endpoint", () => {
    const [own, api] = targetsFor("https://api.example.org/v1", page);
    expect(own).toMatchObject({ url: "https://hallpass.example/graphql", query: expect.any(String) });
    expect(api?.url).toBe("https://api.example.org/v1");
    expect(targetsFor("https://api.example.org/graphql", page)[1]?.url).toBe("https://api.example.org/graphql");
    expect(targetsFor("https://hallpass.example/graphql", page)[1]?.url).toBe("https://api.example.com/");
  });

  test.each(languages.map(({ id }) => id))("Quotes in a URL are escaped in the %s snippet", (language) => {
    const url = `https://api.example.org/'"\\$(id)`;
    const text = snippetFor(language, { id: "endpoint", title: "", explanation: "", url }, "hp_1");
    const quoted = {
      curl: `'https://api.example.org/'\\''"\\$(id)'`,
      javascript: JSON.stringify(url),
      python: JSON.stringify(url),
    };
    expect(text).toContain(quoted[language]);
  });
});
