// Compares the versions in pnpm-lock.yaml with the security advisories in docs/advisories.json, prints a line for each
// affected version and fails if there is one. An advisory can be accepted with a reason, until a given day. The list
// needs no network but covers advisories only up to a date. With --online, the registry's audit endpoint is queried
// too, if reachable.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import semver from "semver";
import { parse } from "yaml";

const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { values: options } = parseArgs({
  options: {
    online: { type: "boolean", default: false },
    registry: { type: "string" },
    lock: { type: "string", default: inRoot("pnpm-lock.yaml") },
    list: { type: "string", default: inRoot("docs/advisories.json") },
  },
});

const { accepted, advisories, collectedUpTo } = JSON.parse(readFileSync(options.list, "utf8"));
const versions = lockedVersions(parse(readFileSync(options.lock, "utf8")));
const today = new Date().toISOString().slice(0, 10);

const found = matches(advisories);
const problems = [
  ...advisories
    .filter(({ vulnerable }) => !semver.validRange(vulnerable))
    .map(({ id }) => `${id}: its version range is invalid`),
  ...found.filter((each) => !acceptance(each)).map(inWords),
  ...accepted.flatMap(wrongAcceptance),
  ...(options.online ? await foundOnline() : []),
];
for (const problem of problems) console.log(problem);
console.log(
  `${advisories.length} advisories, known up to ${collectedUpTo}, and ${versions.size} locked packages: ${problems.length} to fix, ${accepted.length} accepted`,
);
process.exit(problems.length > 0 ? 1 : 0);

/** Versions of each package, by name. */
function lockedVersions(lock) {
  const byName = new Map();
  for (const key of Object.keys(lock.packages)) {
    const at = key.lastIndexOf("@");
    const name = key.slice(0, at);
    byName.set(name, [...(byName.get(name) ?? []), key.slice(at + 1)]);
  }
  return byName;
}

function matches(list) {
  return list.flatMap((advisory) =>
    (versions.get(advisory.package) ?? [])
      .filter((version) => semver.satisfies(version, advisory.vulnerable, { includePrerelease: true }))
      .map((version) => ({ ...advisory, version })),
  );
}

function acceptance(match) {
  return accepted.find(
    (each) => each.id === match.id && each.package === match.package && each.version === match.version,
  );
}

function wrongAcceptance(each) {
  const what = `${each.package}@${each.version} is accepted despite ${each.id}`;
  if (!each.reason) return [`${what} without a reason`];
  if (!found.some((match) => acceptance(match) === each)) return [`${what}, which does not affect it (any more)`];
  // Anything that is not a date counts as past.
  return each.until >= today && /^\d{4}-\d\d-\d\d$/.test(each.until) ? [] : [`${what} only until ${each.until}`];
}

function inWords({ id, package: name, version, severity, title, patched }) {
  return `${name}@${version}: ${title} (${severity}, ${id}; patched in ${patched})`;
}

/** Advisories the registry knows beyond the list. An unreachable registry is reported, but is not a problem. */
async function foundOnline() {
  const registry = options.registry ?? execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  try {
    const answer = await fetch(`${registry.replace(/\/$/, "")}/-/npm/v1/security/advisories/bulk`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(Object.fromEntries(versions)),
      signal: AbortSignal.timeout(30_000),
    });
    if (!answer.ok) throw new Error(`it returned ${answer.status}`);
    const known = await answer.json();
    console.log("The registry's audit endpoint was queried too.");
    return matches(
      Object.entries(known).flatMap(([name, each]) => each.map((advisory) => fromRegistry(name, advisory))),
    )
      .filter((match) => !found.some(({ id, version }) => id === match.id && version === match.version))
      .map(inWords);
  } catch (error) {
    console.log(
      `The registry's audit endpoint cannot be reached (${error.message}): only the list was used, which ends at ${collectedUpTo}.`,
    );
    return [];
  }
}

function fromRegistry(name, { url, title, severity, vulnerable_versions: vulnerable }) {
  return {
    id: url.split("/").at(-1),
    package: name,
    vulnerable,
    severity,
    title,
    patched: `a version outside ${vulnerable}`,
  };
}
