import type { Browser } from "playwright-core";
import { launchChromium } from "./support/chromium.mjs";
import { startDemoServer } from "./support/demo-server.mjs";
import { bytesOf, measureFirstLoad } from "./support/first-load.mjs";

const kibibyte = 1024;

describe("First load of the token list", () => {
  let server: Awaited<ReturnType<typeof startDemoServer>>;
  let browser: Browser;
  let requests: Awaited<ReturnType<typeof measureFirstLoad>>["requests"];
  beforeAll(async () => {
    [server, browser] = await Promise.all([startDemoServer(), launchChromium()]);
    ({ requests } = await measureFirstLoad(server, browser));
  });
  afterAll(() => Promise.all([server?.stop(), browser?.close()]));

  // Bytes on the wire, including headers.
  test("Scripts take up to 180 KiB", () => expect(bytesOf(requests, "Script")).toBeLessThanOrEqual(180 * kibibyte));

  test("Styles take up to 15 KiB", () => expect(bytesOf(requests, "Stylesheet")).toBeLessThanOrEqual(15 * kibibyte));

  test("The first row takes up to 12 requests", () => expect(requests.length).toBeLessThanOrEqual(12));

  test("The viewer and the first page of tokens take one GraphQL request", () =>
    expect(requests.filter(({ path }) => path === "/graphql")).toHaveLength(1));

  test("Scripts are cached permanently and vary by encoding", async () => {
    const script = requests.find(({ path }) => /\/base-.*\.js$/.test(path))?.path ?? "";
    for (const encoding of ["br", "gzip", "identity"]) {
      const response = await fetch(server.url + script, { headers: { "Accept-Encoding": encoding } });
      expect(response.headers.get("content-encoding") ?? "identity").toBe(encoding);
      expect(response.headers.get("vary")).toMatch(/accept-encoding/i);
      expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(response.headers.get("content-type")).toMatch(/javascript/);
      expect(await response.text()).toContain("createElement");
    }
  });
});
