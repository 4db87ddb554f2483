// Runs `npm test` or, with --long, `npm run faults`, once everything is installed. The former: build, lint, types and
// the quick tests of every package. The latter: the long tests of every package, including those of the whole product
// in a browser, and the fault suites. The last lines list what failed, what was skipped and why, and the totals.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const env = { ...process.env, PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter) };
const long = process.argv.includes("--long");
const started = Date.now();
const failures = [];

/** Runs a step. The run continues if it fails, so that one run shows every problem. */
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

// Jest writes its results to these files. Suites that skip something report it in `skipsFile`.
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
// One package at a time, as jest uses all cores itself.
for (const script of scriptsRun) {
  const jestArgs = ["--json", `--outputFile=${resultsOf[script]}`];
  step(script, "turbo", "run", script, "--continue", "--concurrency=1", "--", ...jestArgs);
}

const totals = { passed: 0, failed: 0, skipped: 0 };
const skips = [];
const failedTests = [];
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
    failedTests.push(...failuresIn(results));
  }
for (const { folder } of packages) skips.push(...(readJson(join(folder, skipsFile)) ?? []));

console.log(`  ${Math.round((Date.now() - started) / 1000)} s`);
if (failures.length > 0) console.log(`Failed: ${failures.join(", ")}`);
for (const { file, name, message } of failedTests) console.log(`\n✕ ${file}: ${name}\n${message}\n`);
for (const { what, why } of skips) console.log(`Skipped: ${what}, because ${why}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(failures.length > 0 || totals.failed > 0 ? 1 : 0);

/** The tests that failed, and the files that failed outside of their tests, each with the start of its message. */
function failuresIn({ testResults }) {
  const startOf = (message) => message.split("\n").slice(0, 30).join("\n");
  return testResults.flatMap(({ name: path, status, message, assertionResults }) => {
    const file = relative(root, path);
    const failed = assertionResults
      .filter((test) => test.status === "failed")
      .map(({ fullName, failureMessages }) => ({ file, name: fullName, message: startOf(failureMessages[0] ?? "") }));
    if (failed.length > 0 || status !== "failed") return failed;
    return [{ file, name: "failed outside of its tests", message: startOf(message) }];
  });
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
}
