import { launchChromium } from "./support/chromium.mjs";
import { startDemoServer } from "./support/demo-server.mjs";
const only = process.argv[2];
const [server, browser] = await Promise.all([startDemoServer({ API_ENDPOINT: "http://127.0.0.1:4000/graphql" }), launchChromium()]);
const list = "/settings/api-tokens";
async function signIn(page) {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill("sarah@northwind.example");
  await page.getByLabel("Password").fill("hallpass-demo");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "API tokens" }).waitFor();
}
const shots = (await import("/tmp/shots/states.mjs")).default;
try {
  for (const [w, scheme] of JSON.parse(process.env.SIZES ?? "[[1280,\"light\"],[1280,\"dark\"],[390,\"light\"]]")) {
    const page = await browser.newPage({ baseURL: server.url, viewport: { width: w, height: 800 }, locale: "en-GB", timezoneId: "Europe/Zurich", reducedMotion: "reduce", colorScheme: scheme });
    await signIn(page);
    for (const [name, show] of Object.entries(shots)) {
      if (only && !name.includes(only)) continue;
      try { await page.goto(list); await page.getByRole("link", { name: "Partner dashboard" }).first().waitFor(); await show(page, w, server); await page.waitForTimeout(400); } catch (e) { console.log(name, w, scheme, String(e).slice(0, 300)); }
      await page.screenshot({ path: `/tmp/shots/${name}-${w}-${scheme}.png` });
    }
    await page.close();
  }
} finally { await browser.close(); await server.stop(); }
