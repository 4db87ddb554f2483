import { applyPlatform } from "../features/platform/apply-platform.js";
import { readPlatformFile } from "../features/platform/platform-file.js";
import { withApp } from "./with-app.js";

/** Brings modules, accounts and people to what the file says, and says what that took. */
export async function applyFile(file: string): Promise<void> {
  const platform = readPlatformFile(file);
  const done = await withApp((app) => applyPlatform(app, platform));
  console.log(done.length ? done.join("\n") : "Nothing to change.");
}
