// Compares the versions in pnpm-lock.yaml with the security advisories of docs/advisories.json, and fails with a line for
// each version that one of them is about. An advisory is accepted with a reason and until a day. The list needs no network
// but ends at a day: with --online, the registry's audit endpoint is asked as well, where it can be reached.
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
const faults = [
  ...advisories.filter(({ vulnerable }) => !semver.validRange(vulnerable)).map(({ id }) => `${id}: its range is none`),
  ...found.filter((each) => !acceptance(each)).map(inWords),
  ...accepted.flatMap(wrongAcceptance),
  ...(options.online ? await foundOnline() : []),
];
for (const fault of faults) console.log(fault);
console.log(
  `${advisories.length} advisories, known up to ${collectedUpTo}, and ${versions.size} locked packages: ${faults.length} to mend, ${accepted.length} accepted`,
);
process.exit(faults.length > 0 ? 1 : 0);

/** The versions of each package, by its name. */
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
  if (!found.some((match) => acceptance(match) === each)) return [`${what}, which is not about it (any more)`];
  // Whatever is no day has passed, too.
  return each.until >= today && /^\d{4}-\d\d-\d\d$/.test(each.until) ? [] : [`${what} only until ${each.until}`];
}

function inWords({ id, package: name, version, severity, title, patched }) {
  return `${name}@${version}: ${title} (${severity}, ${id}; patched in ${patched})`;
}

/** What the registry knows beyond the list. That it cannot be reached is told, and no fault. */
async function foundOnline() {
  const registry = options.registry ?? execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  try {
    const answer = await fetch(`${registry.replace(/\/$/, "")}/-/npm/v1/security/advisories/bulk`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(Object.fromEntries(versions)),
      signal: AbortSignal.timeout(30_000),
    });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const known = await answer.json();
    console.log("The registry's audit endpoint was asked as well.");
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
