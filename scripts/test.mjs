// What `npm test` and, with --long, `npm run faults` run once everything is installed. The first: build, lint, types, and the
// tests of every package that are quick. The second: the long tests of every package, those of the whole product in a browser
// among them, and the fault suites. The last lines say what was left out, why, and the totals.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const env = { ...process.env, PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter) };
const long = process.argv.includes("--long");
const started = Date.now();
const failures = [];

/** Runs a step and goes on, so that one run shows everything that is wrong. */
function step(name, command, ...args) {
  console.log(`\n▸ ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, env, stdio: "inherit" });
  if (status !== 0) failures.push(name);
  return status === 0;
}

const packages = readdirSync(join(root, "packages"))
  .map((name) => join(root, "packages", name))
  .filter((folder) => existsSync(join(folder, "package.json")))
  .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }));

// Each jest writes its results here; a suite that leaves something out says so in the other.
const scriptsRun = long ? ["test:long", "faults"] : ["test"];
const resultsOf = Object.fromEntries(
  scriptsRun.map((script) => [script, `node_modules/.${script.replace(":", "-")}-results.json`]),
);
const skipsFile = "node_modules/.test-skips.json";
for (const { folder } of packages)
  for (const file of [...Object.values(resultsOf), skipsFile]) rmSync(join(folder, file), { force: true });

step("build", "turbo", "run", "build", "--output-logs=errors-only");
if (!long) {
  step("biome", "biome", "check", ".");
  step("knip", "knip");
  step("advisories", "node", "scripts/check-advisories.mjs");
  step("types", "turbo", "run", "typecheck", "--output-logs=errors-only", "--continue");
}
// One package after the other: jest takes all cores by itself.
for (const script of scriptsRun) {
  const jestArgs = ["--json", `--outputFile=${resultsOf[script]}`];
  step(script, "turbo", "run", script, "--continue", "--concurrency=1", "--", ...jestArgs);
}

const totals = { passed: 0, failed: 0, skipped: 0 };
const skips = [];
console.log("\n▸ summary");
for (const { name, folder, scripts } of packages)
  for (const [script, file] of Object.entries(resultsOf)) {
    if (!scripts?.[script]) continue;
    const results = readJson(join(folder, file));
    if (!results) {
      console.log(`  ${name} ${script}: did not run`);
      if (failures.length === 0) failures.push(`${name} ${script}`);
      continue;
    }
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const skipped = numPendingTests + numTodoTests;
    console.log(`  ${name} ${script}: ${numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
    totals.passed += numPassedTests;
    totals.failed += failed;
    totals.skipped += skipped;
  }
for (const { folder } of packages) skips.push(...(readJson(join(folder, skipsFile)) ?? []));

console.log(`  ${Math.round((Date.now() - started) / 1000)} s`);
if (failures.length > 0) console.log(`Failed: ${failures.join(", ")}`);
for (const { what, why } of skips) console.log(`Skipped: ${what}, because ${why}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(failures.length > 0 || totals.failed > 0 ? 1 : 0);

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
}
