// Runs every bench, one after the other, whatever the others say. With HALLPASS_BENCH=short, only what takes a minute.
import { spawnSync } from "node:child_process";

const short = process.env.HALLPASS_BENCH === "short";

/** With minutes on 2 cores. */
const all = [
  ["throughput.mjs", 9],
  ["beside.mjs", 5],
  ["verifier.mjs", 1],
  ["worst-request.mjs", 2],
  ["cost-fuzz.mjs", 1],
  ["list.mjs", 5],
  ["growth.mjs", 4],
  ["sign-ins.mjs", 3],
  ["cookie-flood.mjs", 2],
  ["revocation.mjs", 2],
];
const parts = short ? [["throughput.mjs", 1, "--short"]] : all;

const failed = [];
for (const [index, [file, minutes, ...args]] of parts.entries()) {
  console.log(`\n▸ ${file}, part ${index + 1} of ${parts.length}, about ${minutes} min\n`);
  const program = new URL(String(file), import.meta.url).pathname;
  const { status } = spawnSync(process.execPath, [program, ...args.map(String)], { stdio: "inherit" });
  if (status !== 0) failed.push(file);
}
console.log(
  failed.length > 0
    ? `\nBeyond a limit, or failed: ${failed.join(", ")}`
    : "\nAll parts ran. Goals that were missed are listed above.",
);
process.exit(failed.length > 0 ? 1 : 0);
