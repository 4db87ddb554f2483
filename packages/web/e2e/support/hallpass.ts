import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "./chromium.mjs";
import { startDemoServer } from "./demo-server.mjs";
import { watchForFaults } from "./faults";

/** Users in the sample data. */
export const people = {
  /** Administrator of Northwind Traders and Fabrikam Cloud. */
  sarah: "sarah@northwind.example",
  /** Auditor of both. */
  reto: "reto@northwind.example",
};
export const password = "hallpass-demo";

const size = { width: 1280, height: 800 };

interface OpenOptions {
  /** The user to sign in as before the page opens. */
  as?: string;
  /** Opens a separate browser context, for tests that sign out or switch accounts. */
  fresh?: boolean;
  /** The test controls the page’s clock. */
  ownClock?: boolean;
}

/**
 * Starts a real server and browser for a test file. A test fails on any fault of a page it opened.
 * @param settings Of the server, read when it starts.
 */
export function startHallpass(settings: () => Record<string, string> = () => ({})) {
  let server: Awaited<ReturnType<typeof startDemoServer>>;
  let browser: Browser;
  let allowed: RegExp | null = null;
  const faults: string[] = [];
  /** Each user’s page is reused between tests, because opening new ones takes most of the time. */
  const kept = new Map<string, Page>();

  beforeAll(async () => {
    [server, browser] = await Promise.all([startDemoServer(settings()), launchChromium()]);
  });
  afterEach(async () => {
    const staying = [...kept.values()].map((page) => page.context());
    const leaving = browser.contexts().filter((context) => !staying.includes(context));
    await Promise.all([...leaving.map((context) => context.close()), ...[...kept.values()].map(takeTurn)]);
    const found = faults.splice(0).filter((fault) => !allowed?.test(fault));
    allowed = null;
    expect(found).toEqual([]);
  });
  afterAll(async () => {
    await Promise.all([server?.stop(), browser?.close()]);
  });

  async function newContext(as: string | undefined): Promise<BrowserContext> {
    const context = await browser.newContext({
      baseURL: server.url,
      viewport: size,
      locale: "en-GB",
      timezoneId: "Europe/Zurich",
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    // Generous, like the test timeout: slow machines need it.
    context.setDefaultTimeout(120_000);
    await watchForFaults(context, server.url, (fault) => faults.push(fault));
    if (as) await signIn(context, as);
    return context;
  }

  async function keptPage(as: string): Promise<Page> {
    const page = kept.get(as) ?? (await newPage(as));
    kept.set(as, page);
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: "light" });
    return page;
  }

  async function newPage(as?: string, ownClock = false): Promise<Page> {
    const context = await newContext(as);
    if (ownClock) await context.clock.install();
    return context.newPage();
  }

  return {
    get server() {
      return server;
    },
    /** Allows a fault that the browser reports as part of the test. */
    allowFault(fault: RegExp) {
      allowed = fault;
    },
    /** Opens a path as the given user. */
    async open(path: string, { as, fresh = false, ownClock = false }: OpenOptions = {}): Promise<Page> {
      const page = as && !fresh && !ownClock ? await keptPage(as) : await newPage(as, ownClock);
      await page.goto(path);
      return page;
    },
  };
}

/** Waits one turn of the page’s event loop, so that pending faults are reported. */
function takeTurn(page: Page): Promise<void> {
  return page.evaluate(() => new Promise<void>((resolve) => setTimeout(resolve)));
}

/** Gives the browser context a session of the user. */
export async function signIn(context: BrowserContext, email: string): Promise<void> {
  await graphql(context, "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }", {
    input: { email, password },
  });
}

/** Calls the API with a browser’s session, to set up what a test needs. */
async function graphql<Data = unknown>(context: BrowserContext, query: string, variables: object): Promise<Data> {
  const response = await context.request.post("/graphql", { data: { query, variables } });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  const faults = Object.values<{ userErrors?: unknown[] }>(data).flatMap(({ userErrors = [] }) => userErrors);
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return data;
}

export interface AddedToken {
  id: string;
  name: string;
  value: string;
}

/** Adds a token to the current account of the page’s user. */
export async function addToken(
  page: Page,
  name: string,
  moduleIds: string[],
  more: { expiresAt?: string } = {},
): Promise<AddedToken> {
  const { createApiToken } = await graphql<{ createApiToken: { apiToken: { id: string }; value: string } }>(
    page.context(),
    `mutation ($input: CreateApiTokenInput!) {
      createApiToken(input: $input) { apiToken { id } value userErrors { message } }
    }`,
    { input: { name, moduleIds, ...more } },
  );
  return { id: createApiToken.apiToken.id, name, value: createApiToken.value };
}
