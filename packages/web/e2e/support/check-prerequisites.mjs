import { existsSync } from "node:fs";
import { chromiumPath } from "./chromium.mjs";
import { serverCli, webApp } from "./demo-server.mjs";

/** Says what is missing once, and not in every test. */
export default function checkPrerequisites() {
  if (!existsSync(chromiumPath))
    throw new Error(`There is no Chromium at ${chromiumPath}. Install one, or say with CHROMIUM_PATH where it is.`);
  for (const built of [serverCli, webApp])
    if (!existsSync(built)) throw new Error(`${built} is missing: run the build first.`);
}
