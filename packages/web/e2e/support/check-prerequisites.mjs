import { existsSync } from "node:fs";
import { chromiumPath } from "./chromium.mjs";
import { serverCli, webApp } from "./demo-server.mjs";

/** Reports missing prerequisites once instead of in every test. */
export default function checkPrerequisites() {
  if (!existsSync(chromiumPath))
    throw new Error(`Chromium not found at ${chromiumPath}. Install it or set CHROMIUM_PATH.`);
  for (const built of [serverCli, webApp])
    if (!existsSync(built)) throw new Error(`${built} is missing. Run the build first.`);
}
