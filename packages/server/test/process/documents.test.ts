import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../../../..");
const model = readFileSync(join(root, "docs/threat-model.md"), "utf8");

/** Programs named in a document. */
const namedIn = (text: string) => [...text.matchAll(/`([\w/.-]+\.(?:test\.ts|mjs))`/g)].map(([, path]) => path ?? "");
const isThere = (path: string) => {
  const isAt = (place: string) => existsSync(join(root, place, path));
  return ["packages/server", "packages/web", "."].some(isAt) || suites.some((suite) => suite.endsWith(`/${path}`));
};
const suites = readdirSync(join(root, "packages/server/test"), { recursive: true }).map((path) => `/${String(path)}`);

describe("Threat model", () => {
  const named = namedIn(model);

  test.each([...new Set(named)])("The file %s in the threat model exists", (path) => {
    expect(isThere(path)).toBe(true);
  });

  test("Every promise in the threat model cites a test", () => {
    const promises = model.split("## What is promised")[1]?.split("\n## ")[0] ?? "";
    const rows = promises.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| promise"));
    expect(rows.length).toBeGreaterThan(15);
    for (const row of rows) expect(row.split("|").at(-2)).toMatch(/`/);
  });
});

describe("Compatibility", () => {
  const compatibility = readFileSync(join(root, "docs/compatibility.md"), "utf8");

  test("Every test it names exists", () => {
    expect(namedIn(compatibility).filter((path) => !isThere(path))).toEqual([]);
  });

  test("Its cases of gateways are those that the tests run", () => {
    const gateways = readFileSync(join(root, "packages/server/test/long/sqlite/gateways.test.ts"), "utf8");
    const cases = [...gateways.matchAll(/^ {4}test\("(.*?)",/gm)].map(([, title]) => title);
    const table = compatibility.split("| case | nginx")[1]?.split("\n\n")[0] ?? "";
    const listed = table
      .split("\n")
      .slice(2)
      .map((row) => row.split("|")[1]?.trim());
    expect(listed).toEqual(cases);
  });
});
