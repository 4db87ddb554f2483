import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "./support/chromium.mjs";
import { freePort, startDemoServer } from "./support/demo-server.mjs";
import { password, people } from "./support/hallpass";
import { list, pathOf } from "./support/pages";

const callback = "/sign-in/oidc/callback";
const attemptCookie = "hallpass-oidc";

/** oidc-provider, as a process that can be stopped and started again. */
class IdentityProvider {
  private process: ChildProcess | undefined;

  constructor(
    private readonly port: string,
    private readonly redirectUri: string,
  ) {}

  get issuer(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const program = join(__dirname, "support/identity-provider.mjs");
    this.process = spawn(process.execPath, [program, this.port, this.redirectUri], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    if (this.process.stdout) await once(this.process.stdout, "data");
  }

  async stop(): Promise<void> {
    const ended = this.process && once(this.process, "exit");
    this.process?.kill();
    await ended;
    this.process = undefined;
  }
}

describe("Single sign-on", () => {
  let provider: IdentityProvider;
  let server: Awaited<ReturnType<typeof startDemoServer>>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    const [port, providerPort] = [await freePort(), await freePort()];
    provider = new IdentityProvider(providerPort, `http://127.0.0.1:${port}${callback}`);
    [server, browser] = await Promise.all([
      startDemoServer({
        PORT: port,
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: "hallpass",
        OIDC_CLIENT_SECRET: "a secret",
      }),
      launchChromium(),
      provider.start(),
    ]);
  });
  afterAll(async () => {
    await Promise.all([server?.stop(), browser?.close(), provider?.stop()]);
  });
  beforeEach(async () => {
    context = await browser.newContext({ baseURL: server.url });
    context.setDefaultTimeout(120_000);
    page = await context.newPage();
  });
  afterEach(() => context.close());

  /** From the sign-in page to the provider's page, whose login name is the email address. */
  async function goToProvider(): Promise<void> {
    await page.getByRole("link", { name: "Continue with single sign-on" }).click();
    await page.waitForURL(`${provider.issuer}/**`);
  }

  async function giveName(email: string): Promise<void> {
    await page.locator('input[name="login"]').fill(email);
    await page.locator('input[name="password"]').fill("any");
    await page.locator('button[type="submit"]').click();
  }

  async function signInAtProvider(email: string): Promise<void> {
    await giveName(email);
    await consent().click();
  }

  /** The URL the provider sends the browser back to, which no one has followed yet. */
  async function takeCallback(): Promise<string> {
    await page.goto("/sign-in");
    await goToProvider();
    await giveName(people.sarah);
    await consent().waitFor();
    const options = { maxRedirects: 0 };
    let answer = await context.request.post(page.url(), { ...options, form: { prompt: "consent" } });
    for (;;) {
      const { location = "" } = answer.headers();
      const { origin, href } = new URL(location, provider.issuer);
      if (origin === server.url) return href;
      answer = await context.request.get(href, options);
    }
  }

  const consent = () => page.getByRole("button", { name: "Continue" });
  const problemShown = async () => (await page.getByRole("alert").textContent()) ?? "";
  const isSignedIn = async () => (await context.cookies()).some(({ name }) => name === "hallpass");

  test("A person signs in with the provider, and reaches the page they first requested", async () => {
    await page.goto(`${list}?rows=5&sort=-name`);
    await goToProvider();
    await signInAtProvider(people.sarah.toUpperCase());
    await page.getByText("1-5 of 11 rows").waitFor();
    expect(pathOf(page)).toBe(`${list}?rows=5&sort=-name`);
    const cookies = await context.cookies(server.url);
    expect(cookies.map(({ name }) => name)).not.toContain(attemptCookie);
    expect(cookies.find(({ name }) => name === "hallpass")).toMatchObject({ httpOnly: true, sameSite: "Strict" });
  });

  test("The audit trail records how the person signed in", async () => {
    await page.goto("/settings/audit-trail");
    await goToProvider();
    await signInAtProvider(people.sarah);
    await page.getByText("Sarah Sanderson signed in through the identity provider").first().waitFor();
  });

  test("Someone the platform does not list is told so, and has no session", async () => {
    await page.goto("/sign-in");
    await goToProvider();
    await signInAtProvider("stranger@northwind.example");
    expect(await problemShown()).toBe("You don’t have access to Hallpass. Ask your administrator to add you.");
    expect(await isSignedIn()).toBe(false);
  });

  test("An email address that the provider has not verified is not accepted", async () => {
    await page.goto("/sign-in");
    await goToProvider();
    await signInAtProvider("unverified@northwind.example");
    expect(await problemShown()).toContain("hasn’t verified your email address");
    expect(await isSignedIn()).toBe(false);
  });

  test("A person who cancels at the provider is told so, and can sign in with their password", async () => {
    await page.goto("/sign-in");
    await goToProvider();
    await page.getByRole("link", { name: /cancel/i }).click();
    expect(await problemShown()).toContain("cancelled");
    await page.getByLabel("Email").fill(people.sarah);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "API tokens" }).waitFor();
  });

  test("A code is accepted once, and only with the state, the nonce and the verifier of its attempt", async () => {
    const url = await takeCallback();
    const [cookie] = (await context.cookies(server.url)).filter(({ name }) => name === attemptCookie);
    if (!cookie) throw new Error("There is no attempt.");
    const attempt = JSON.parse(Buffer.from(cookie.value, "base64url").toString());
    const arriveWith = async (changes: object | null) => {
      await context.clearCookies();
      const value = Buffer.from(JSON.stringify({ ...attempt, ...changes })).toString("base64url");
      if (changes) await context.addCookies([{ ...cookie, value }]);
      await page.goto(url);
    };
    // The first code is used up with the first request, so each fault needs one of its own.
    for (const changes of [null, { state: "another" }]) {
      await arriveWith(changes);
      expect(await problemShown()).toBe("Couldn’t sign you in. Try again.");
      expect(await isSignedIn()).toBe(false);
    }
    await arriveWith({ nonce: "another" });
    expect(await problemShown()).toBe("Couldn’t sign you in. Try again.");
    expect(await isSignedIn()).toBe(false);
    // The code has been exchanged, though its ID token was rejected.
    await arriveWith({});
    expect(await problemShown()).toBe("Couldn’t sign you in. Try again.");
    expect(await isSignedIn()).toBe(false);
  });

  test("With another code verifier, a code is not accepted", async () => {
    const url = await takeCallback();
    const [cookie] = (await context.cookies(server.url)).filter(({ name }) => name === attemptCookie);
    const attempt = JSON.parse(Buffer.from(cookie?.value ?? "", "base64url").toString());
    const value = Buffer.from(JSON.stringify({ ...attempt, codeVerifier: "v".repeat(43) })).toString("base64url");
    if (cookie) await context.addCookies([{ ...cookie, value }]);
    await page.goto(url);
    expect(await problemShown()).toBe("Couldn’t sign you in. Try again.");
    expect(await isSignedIn()).toBe(false);
  });

  test("A callback that was followed before signs no one in", async () => {
    const url = await takeCallback();
    const [cookie] = (await context.cookies(server.url)).filter(({ name }) => name === attemptCookie);
    await page.goto(url);
    await page.getByRole("heading", { name: "API tokens" }).waitFor();
    await context.clearCookies();
    if (cookie) await context.addCookies([cookie]);
    await page.goto(url);
    expect(await problemShown()).toBe("Couldn’t sign you in. Try again.");
    expect(await isSignedIn()).toBe(false);
  });

  test("A page on another site to return to is ignored", async () => {
    for (const redirect of ["//evil.example/", "https://evil.example/", "/\\evil.example"]) {
      await context.clearCookies();
      await page.goto(`/sign-in/oidc?${new URLSearchParams({ redirect })}`);
      await signInAtProvider(people.sarah);
      await page.getByRole("heading", { name: "API tokens" }).waitFor();
      expect(new URL(page.url()).origin).toBe(server.url);
      await context.clearCookies();
    }
  });

  test("While the provider is down, the sign-in page says so, and passwords still work", async () => {
    const url = await takeCallback();
    await provider.stop();
    await page.goto(url);
    expect(await problemShown()).toBe("Your identity provider isn’t responding. Try again in a minute.");
    await page.getByLabel("Email").fill(people.sarah);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "API tokens" }).waitFor();
    await provider.start();
  });

  test("A session that ended is replaced in another tab, and what was typed is kept", async () => {
    await page.goto("/settings/profile");
    await goToProvider();
    await signInAtProvider(people.sarah);
    await page.getByLabel("Current password").fill(password);
    await page.getByLabel("New password").fill("typed before the session ended");
    await context.clearCookies({ name: "hallpass" });
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
    const opened = context.waitForEvent("page");
    await page.getByRole("link", { name: "Continue with single sign-on" }).click();
    const other = await opened;
    // The provider still knows the person.
    await other.getByRole("heading", { name: "API tokens" }).waitFor();
    await page.bringToFront();
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await page.getByRole("dialog", { name: "Your session has ended" }).waitFor({ state: "hidden" });
    expect(await page.getByLabel("New password").inputValue()).toBe("typed before the session ended");
  });
});
