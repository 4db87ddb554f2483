import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/mariadb.js";
import { until } from "../support/programs.js";

// What `npm run pack` makes, installed in an empty folder from the registry alone.

const root = join(__dirname, "../../../..");
/** Without what npm and jest have set for this run. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_registry)|NODE_|JEST_|INIT_CWD)/.test(name)),
) as NodeJS.ProcessEnv;
/** Without a prebuilt binary, better-sqlite3 is compiled. */
const compiling = { limitMs: 280_000, everyMs: 100 };
let folder: string;
let tarballs: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hallpass-packed-"));
  run(process.execPath, [join(root, "scripts/pack.mjs"), "--built", folder], root);
  tarballs = readdirSync(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(program: string, args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8", env: environment });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

function install(name: RegExp): string {
  const tarball = tarballs.find((each) => name.test(each)) ?? "";
  const empty = mkdtempSync(join(folder, "empty-"));
  writeFileSync(join(empty, "package.json"), JSON.stringify({ type: "module" }));
  run("npm", ["install", "--engine-strict", "--no-audit", "--no-fund", join(folder, tarball)], empty);
  return empty;
}

test("The tarball serves the demo with its web app from an empty folder", async () => {
  const empty = mkdtempSync(join(folder, "empty-"));
  const tarball = tarballs.find((each) => /^hallpass-\d/.test(each)) ?? "";
  copyFileSync(join(folder, tarball), join(empty, tarball));
  const port = String(await freePort());
  const env = { ...environment, PORT: port, HALLPASS_DATA_DIR: join(empty, "data") };
  const demo: ChildProcess = spawn("npx", ["--yes", `./${tarball}`, "demo"], { cwd: empty, env, detached: true });
  let printed = "";
  let failed = "";
  demo.stderr?.on("data", (chunk) => {
    failed += chunk;
  });
  demo.stdout?.on("data", (chunk) => {
    printed += chunk;
  });
  try {
    await until(() => {
      if (demo.exitCode !== null) throw new Error(failed);
      return printed.includes("Web app");
    }, compiling);
    const url = `http://127.0.0.1:${port}`;
    const page = await (await fetch(`${url}/settings/api-tokens`)).text();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? "none";
    expect((await fetch(url + script)).headers.get("content-type")).toMatch(/javascript/);
    const [, value] = /(hp_\S+)/.exec(printed) ?? [];
    expect((await fetch(`${url}/authorize`, { headers: { Authorization: `Bearer ${value}` } })).status).toBe(200);
  } finally {
    if (demo.exitCode === null) {
      process.kill(-(demo.pid ?? 0), "SIGTERM");
      await once(demo, "exit");
    }
  }
});

test("The verifier’s tarball is installed and imported by its name, with its types", () => {
  const empty = install(/^hallpass-verifier-/);
  const program = `
    import { createVerifier, requireToken } from "@hallpass/verifier";
    const verifier = createVerifier({ url: "http://127.0.0.1:9", token: "hp_x", onError() {} });
    console.log(verifier.verify("Bearer hp_x").status, typeof requireToken(verifier).express);
    await verifier.close();`;
  writeFileSync(join(empty, "program.js"), program);
  expect(run(process.execPath, ["program.js"], empty)).toBe("401 function\n");
  expect(readdirSync(join(empty, "node_modules/@hallpass/verifier/packages/verifier/dist"))).toContain("index.d.ts");
});
