import { chromium } from "playwright-core";

export const chromiumPath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/** Launches Chromium without background network traffic. Also works as root. */
export function launchChromium() {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--process-per-site",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
