/** 1.6 Mbit/s, 150 ms latency and a CPU four times slower. */
const slow = { bytesPerSecond: 200_000, latencyMs: 150, cpuSlowdown: 4 };

/**
 * Opens the token list as a signed-in user, with an empty cache.
 * @param {{ url: string }} server
 * @param {import("playwright-core").Browser} browser
 * @param {{ slowly?: boolean }} [options]
 */
export async function measureFirstLoad(server, browser, { slowly = false } = {}) {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 800 } });
  try {
    await signIn(context);
    const page = await context.newPage();
    const devTools = await context.newCDPSession(page);
    await devTools.send("Network.enable");
    if (slowly) {
      await devTools.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: slow.latencyMs,
        downloadThroughput: slow.bytesPerSecond,
        uploadThroughput: slow.bytesPerSecond,
      });
      await devTools.send("Emulation.setCPUThrottlingRate", { rate: slow.cpuSlowdown });
    }
    const requests = recordRequests(devTools);
    await page.addInitScript(noteFirstRow);
    await page.goto("/settings/api-tokens", { waitUntil: "commit" });
    const noted = await page.waitForFunction(() => /** @type {any} */ (window).firstRow, null, { timeout: 120_000 });
    const { ms, at } = await noted.jsonValue();
    return { firstRowMs: ms, requests: requests.filter(({ wallTime }) => wallTime <= at) };
  } finally {
    await context.close();
  }
}

/**
 * As a person of the sample data.
 * @param {import("playwright-core").BrowserContext} context
 */
export async function signIn(context) {
  const query = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }";
  const input = { email: "sarah@northwind.example", password: "hallpass-demo" };
  await context.request.post("/graphql", { data: { query, variables: { input } } });
}

/** Runs in the page. Records when the first row was painted, in ms since navigation start and since 1970. */
function noteFirstRow() {
  const look = () => {
    if (!document.querySelector("tbody tr a")) return void requestAnimationFrame(look);
    const ms = performance.now();
    Object.assign(window, { firstRow: { ms, at: performance.timeOrigin + ms } });
  };
  requestAnimationFrame(look);
}

/**
 * @typedef {{ path: string, type: string, bytes: number, wallTime: number, begin: number, end: number | null }} Request
 * `bytes` on the wire, with headers; `wallTime` in ms since 1970; `begin` and `end` in seconds.
 * @param {import("playwright-core").CDPSession} devTools
 */
function recordRequests(devTools) {
  /** @type {Request[]} */
  const requests = [];
  /** @type {Map<string, Request>} */
  const byId = new Map();
  devTools.on("Network.requestWillBeSent", ({ requestId, request, type = "Other", timestamp, wallTime }) => {
    if (!request.url.startsWith("http")) return;
    const { pathname, search } = new URL(request.url);
    const entry = { path: pathname + search, type, bytes: 0, wallTime: wallTime * 1000, begin: timestamp, end: null };
    requests.push(entry);
    byId.set(requestId, entry);
  });
  devTools.on("Network.loadingFinished", ({ requestId, encodedDataLength, timestamp }) => {
    const entry = byId.get(requestId);
    if (entry) Object.assign(entry, { bytes: encodedDataLength, end: timestamp });
  });
  return requests;
}

/**
 * @param {Request[]} requests
 * @param {string} type
 */
export const bytesOf = (requests, type) =>
  requests.filter((request) => request.type === type).reduce((sum, { bytes }) => sum + bytes, 0);
