import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "./chromium.mjs";
import { startDemoServer } from "./demo-server.mjs";
import { watchForFaults } from "./faults";

/** People of the sample data. */
export const people = {
  /** Administrator of Northwind Traders and of Fabrikam Cloud. */
  sarah: "sarah@northwind.example",
  /** Auditor of both. */
  reto: "reto@northwind.example",
};
export const password = "hallpass-demo";

const size = { width: 1280, height: 800 };

interface OpenOptions {
  /** Signs in before the page opens; otherwise nobody is. */
  as?: string;
  /** A browser of its own, for what would disturb others: signing out, switching the account. */
  fresh?: boolean;
  /** The test moves the page's clock. */
  ownClock?: boolean;
}

/** A real server and a real browser for the tests of a file; a test fails on any fault of any page that it opened. */
export function startHallpass() {
  let server: Awaited<ReturnType<typeof startDemoServer>>;
  let browser: Browser;
  let allowed: RegExp | null = null;
  const faults: string[] = [];
  /** A person's browser and its one window stay from test to test: most of a test's time went into new ones. */
  const kept = new Map<string, Page>();

  beforeAll(async () => {
    [server, browser] = await Promise.all([startDemoServer(), launchChromium()]);
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
    // For what never comes, as is the limit of a test: a slow machine needs long.
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
    /** What the browser itself reports when it goes as this test wants it. */
    allowFault(fault: RegExp) {
      allowed = fault;
    },
    /** Someone's browser, open at a path. */
    async open(path: string, { as, fresh = false, ownClock = false }: OpenOptions = {}): Promise<Page> {
      const page = as && !fresh && !ownClock ? await keptPage(as) : await newPage(as, ownClock);
      await page.goto(path);
      return page;
    },
  };
}

/** What the page has still to report comes before the end of its turn. */
function takeTurn(page: Page): Promise<void> {
  return page.evaluate(() => new Promise<void>((resolve) => setTimeout(resolve)));
}

async function signIn(context: BrowserContext, email: string): Promise<void> {
  await graphql(context, "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }", {
    input: { email, password },
  });
}

/** Asks the API with the session of a browser, for what a test needs but does not test. */
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

/** Adds a token to the account that the browser's person is in. */
export async function addToken(page: Page, name: string, moduleIds: string[]): Promise<AddedToken> {
  const { createApiToken } = await graphql<{ createApiToken: { apiToken: { id: string }; value: string } }>(
    page.context(),
    `mutation ($input: CreateApiTokenInput!) {
      createApiToken(input: $input) { apiToken { id } value userErrors { message } }
    }`,
    { input: { name, moduleIds } },
  );
  return { id: createApiToken.apiToken.id, name, value: createApiToken.value };
}
