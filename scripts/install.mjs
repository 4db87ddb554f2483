// Installs the workspace with the pinned pnpm, and keeps saying that it goes on: where no prebuilt binary
// can be fetched, better-sqlite3 is compiled, which is silent for about a minute.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

const { packageManager } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const started = Date.now();
let lastOutput = started;

console.log("Installing packages …");
const install = spawn("npx", ["--yes", packageManager, "install", "--frozen-lockfile", "--prefer-offline"], {
  cwd: new URL("..", import.meta.url),
  stdio: ["ignore", "pipe", "pipe"],
});
for (const stream of [install.stdout, install.stderr])
  stream.on("data", (chunk) => {
    lastOutput = Date.now();
    process.stderr.write(chunk);
  });

const heartbeat = setInterval(() => {
  if (Date.now() - lastOutput < 10_000) return;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    `… still installing after ${seconds} s (better-sqlite3 may be compiling; this takes a minute or two, once)`,
  );
}, 10_000);

install.on("close", (code) => {
  clearInterval(heartbeat);
  process.exit(code ?? 1);
});
