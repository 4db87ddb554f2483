import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const beatMs = 15_000;

/**
 * Runs a step in the repository root. Prints a line at the start and another every 15 seconds, and writes the output to
 * a file. If the step fails, prints the end of that file and exits with the step's status.
 */
export async function runQuietly(label, command, args) {
  const file = join(mkdtempSync(join(tmpdir(), "hallpass-")), "output.log");
  const log = createWriteStream(file);
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  console.log(`${label} …`);
  const beat = setInterval(() => console.log(`  … ${seconds()} s`), beatMs);
  const env = {
    ...process.env,
    PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
    TURBO_TELEMETRY_MESSAGE_DISABLED: "1",
  };
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const [status] = await once(child, "close");
  clearInterval(beat);
  log.end();
  await once(log, "finish");
  if (status === 0) return;
  console.error(readFileSync(file, "utf8").split("\n").slice(-60).join("\n"));
  console.error(`${label}: failed after ${seconds()} s. Full output: ${file}`);
  process.exit(status ?? 1);
}
