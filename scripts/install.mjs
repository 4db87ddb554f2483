// Installs the workspace with the pinned pnpm. What the installation prints goes into a file, which is shown when it fails.
import { readFileSync } from "node:fs";
import { runQuietly } from "./run-quietly.mjs";

const { packageManager } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const args = ["--yes", packageManager, "install", "--frozen-lockfile", "--prefer-offline"];
// Where no prebuilt binary can be downloaded, better-sqlite3 is compiled.
await runQuietly("Installing packages (a few minutes the first time)", "npx", args);
