import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "./support/chromium.mjs";
import { startDemoServer } from "./support/demo-server.mjs";
import { addToken, people, signIn } from "./support/hallpass";
import { serveFolder } from "./support/static-site";

const build = fileURLToPath(new URL("../../../examples/partner-dashboard/dist/", import.meta.url));
const accessManagement = "MOD-1255";

describe("A partner’s page on another origin", () => {
  let site: Awaited<ReturnType<typeof serveFolder>>;
  let otherSite: typeof site;
  let server: Awaited<ReturnType<typeof startDemoServer>>;
  let browser: Browser;
  let admin: Page;

  beforeAll(async () => {
    [site, otherSite, browser] = await Promise.all([serveFolder(build), serveFolder(build), launchChromium()]);
    server = await startDemoServer({ CORS_ORIGINS: site.url });
    const context = await browser.newContext({ baseURL: server.url });
    await signIn(context, people.sarah);
    admin = await context.newPage();
  });
  afterAll(() => Promise.all([browser?.close(), server?.stop(), site?.stop(), otherSite?.stop()]));

  /** Opens the page in the browser that is signed in to Hallpass, and connects with the value. */
  async function connect(value: string, url = site.url): Promise<Page> {
    const page = await admin.context().newPage();
    await page.goto(url);
    await page.getByLabel("GraphQL endpoint").fill(`${server.url}/graphql`);
    await page.getByLabel("API token").fill(value);
    await page.getByRole("button", { name: "Connect" }).click();
    return page;
  }
  const rows = (page: Page) => page.getByRole("table", { name: "API tokens" }).getByRole("rowheader");

  test("It lists the account’s tokens page by page", async () => {
    const { value } = await addToken(admin, "Dashboard", [accessManagement]);
    const page = await connect(value);
    await page.getByRole("heading", { name: "API tokens of Northwind Traders" }).waitFor();
    expect(await rows(page).count()).toBe(5);
    const more = page.getByRole("button", { name: "Load more" });
    await more.click();
    await rows(page).nth(9).waitFor();
    await more.click();
    await more.waitFor({ state: "detached" });
    const names = await rows(page).allTextContents();
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(10);
  });

  test("It keeps its rows and says why when its token is disabled", async () => {
    const { id, value } = await addToken(admin, "Short-lived", [accessManagement]);
    const page = await connect(value);
    await rows(page).first().waitFor();
    await admin.context().request.post("/graphql", {
      data: { query: `mutation { disableApiToken(input: { id: "${id}" }) { apiToken { status } } }` },
    });
    await page.getByRole("button", { name: "Load more" }).click();
    await page.getByRole("alert").getByText("The token is not valid.").waitFor();
    expect(await rows(page).count()).toBe(5);
  });

  test("It shows which module its token lacks", async () => {
    const { value } = await addToken(admin, "Reader", ["MOD-1310"]);
    const page = await connect(value);
    await page.getByRole("alert").getByText("The API token does not have module MOD-1255.").waitFor();
  });

  test("It warns a week before its token expires", async () => {
    const expiresAt = new Date(Date.now() + 3 * 86_400_000).toISOString();
    const { value } = await addToken(admin, "Expiring", [accessManagement], { expiresAt });
    const page = await connect(value);
    await page.getByRole("status").getByText("This API token expires on").waitFor();
  });

  test("A page of an origin that CORS_ORIGINS does not list reads nothing", async () => {
    const { value } = await addToken(admin, "Elsewhere", [accessManagement]);
    const page = await connect(value, otherSite.url);
    await page.getByRole("alert").getByText("Hallpass can’t be reached.").waitFor();
  });

  test("No page of another origin can use the session of a signed-in person", async () => {
    const page = await admin.context().newPage();
    await page.goto(site.url);
    const query = { query: "{ viewer { account { id } } }" };
    const attempts = await page.evaluate(
      async ({ url, body }) => {
        const send = (init: RequestInit) =>
          fetch(url, { method: "POST", body, credentials: "include", ...init }).then(
            async (response) => response.text(),
            () => "blocked",
          );
        return [await send({ headers: { "Content-Type": "application/json" } }), await send({})];
      },
      { url: `${server.url}/graphql`, body: JSON.stringify(query) },
    );
    expect(attempts).toEqual(["blocked", "blocked"]);
  });
});
