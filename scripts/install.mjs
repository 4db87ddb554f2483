// Installs the workspace with the pinned pnpm. The output goes to a file, the end of which is shown on failure.
import { readFileSync } from "node:fs";
import { runQuietly } from "./run-quietly.mjs";

const { packageManager } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const args = ["--yes", packageManager, "install", "--frozen-lockfile", "--prefer-offline"];
// If no prebuilt binary can be downloaded, better-sqlite3 is compiled.
await runQuietly("Installing packages (a few minutes the first time)", "npx", args);
