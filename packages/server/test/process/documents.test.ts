import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../../../..");
const model = readFileSync(join(root, "docs/threat-model.md"), "utf8");

describe("Threat model", () => {
  const named = [...model.matchAll(/`([\w/.-]+\.(?:test\.ts|mjs))`/g)].map(([, path]) => path ?? "");
  const suites = readdirSync(join(root, "packages/server/test"), { recursive: true }).map((path) => `/${String(path)}`);
  const places = ["packages/server", "packages/web", "."];

  test.each([...new Set(named)])("The file %s in the threat model exists", (path) => {
    const isThere = places.some((place) => existsSync(join(root, place, path)));
    expect(isThere || suites.some((suite) => suite.endsWith(`/${path}`))).toBe(true);
  });

  test("Every promise in the threat model cites a test", () => {
    const promises = model.split("## What is promised")[1]?.split("\n## ")[0] ?? "";
    const rows = promises.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| promise"));
    expect(rows.length).toBeGreaterThan(15);
    for (const row of rows) expect(row.split("|").at(-2)).toMatch(/`/);
  });
});
