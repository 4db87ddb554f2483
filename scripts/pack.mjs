// Builds two tarballs that run without this repository: `hallpass`, with the command and the web app, and the verifier.
//   npm run pack -- [folder]    the current folder by default. With --built, what is built already is packed.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { runQuietly } from "./run-quietly.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({ options: { built: { type: "boolean" } }, allowPositionals: true });
const target = resolve(positionals[0] ?? ".");
mkdirSync(target, { recursive: true });
const manifestOf = (name) => JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
const { catalog, overrides } = parse(readFileSync(join(root, "pnpm-workspace.yaml"), "utf8"));
const { version, engines, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

if (!values.built) await runQuietly("Building", "turbo", ["run", "build", "--output-logs=errors-only"]);

pack({
  // The server finds the web app beside it, as in the repository.
  contents: ["packages/server/dist", "packages/server/demo", "packages/server/package.json", "packages/web/dist"],
  of: "server",
  manifest: {
    name: "hallpass",
    description:
      "API tokens for a platform's accounts: an admin web app, a GraphQL API and a token check for every request.",
    bin: { hallpass: "packages/server/dist/cli.js" },
  },
});
pack({
  contents: ["packages/verifier/dist"],
  of: "verifier",
  manifest: {
    name: "@hallpass/verifier",
    description: manifestOf("verifier").description,
    exports: {
      ".": { types: "./packages/verifier/dist/index.d.ts", default: "./packages/verifier/dist/index.js" },
    },
  },
});

/** `of`: the package whose dependencies it has, besides those of `shared`, which is inside the tarball. */
function pack({ contents, of, manifest }) {
  const stage = mkdtempSync(join(tmpdir(), "hallpass-pack-"));
  try {
    for (const path of [...contents, "packages/shared/dist"]) copy(join(root, path), join(stage, path));
    importByPath(stage, join(stage, "packages", of, "dist"));
    const dependencies = { ...pinned(manifestOf("shared")), ...pinned(manifestOf(of)) };
    write(join(stage, "package.json"), {
      ...manifest,
      version,
      license,
      type: "module",
      engines,
      dependencies,
      overrides,
    });
    // The dependencies' own dependencies too, so that every installation is the same.
    npm(["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], stage);
    renameSync(join(stage, "package-lock.json"), join(stage, "npm-shrinkwrap.json"));
    const said = npm(["pack", "--json", "--ignore-scripts", "--pack-destination", target], stage);
    const [{ filename, size }] = Object.values(JSON.parse(said));
    console.log(`${join(target, basename(filename))}  ${(size / 1_048_576).toFixed(1)} MiB`);
  } finally {
    rmSync(stage, { recursive: true });
  }
}

function npm(args, cwd) {
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ${args[0]} failed: ${stderr}`);
  return stdout;
}

/** Without what only the compiler needs. Types are kept, as a verifier's user needs them. */
function copy(from, to) {
  cpSync(from, to, { recursive: true, filter: (path) => !/\.(map|tsbuildinfo)$/.test(path) });
}

/** `shared` is not published: its modules are imported by their paths. */
function importByPath(stage, folder) {
  const shared = join(stage, "packages/shared/dist");
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.(js|d\.ts)$/.test(file)) continue;
    const path = join(folder, file);
    const toShared = relative(dirname(path), shared);
    const code = readFileSync(path, "utf8").replace(
      /(["'])@hallpass\/shared(\/check)?\1/g,
      (_, quote, check = "") => `${quote}${toShared}${check}/index.js${quote}`,
    );
    writeFileSync(path, code);
  }
}

function write(path, content) {
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** Exact versions. */
function pinned({ dependencies }) {
  return Object.fromEntries(
    Object.entries(dependencies)
      .filter(([, range]) => !range.startsWith("workspace:"))
      .map(([name, range]) => [name, range === "catalog:" ? catalog[name] : range]),
  );
}
