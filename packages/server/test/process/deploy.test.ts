import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { describeWith } from "../support/programs.js";

const root = join(__dirname, "../../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
/** Settings in the README’s table. */
const settings = [...read("README.md").matchAll(/`([A-Z][A-Z_]+)`(?=[,| `])/g)].map(([, name]) => name);
const unknown = (names: string[]) => names.filter((name) => !settings.includes(name));

test("The compose file sets only settings that exist, and starts after the migration", () => {
  const { services } = parse(read("deploy/compose.yaml"));
  expect(unknown(Object.keys(services.hallpass.environment))).toEqual([]);
  expect(services.migrate.environment).toEqual(services.hallpass.environment);
  expect(services.hallpass.depends_on.migrate.condition).toBe("service_completed_successfully");
});

test("The image runs as a user without rights, with a health check, and sets only settings that exist", () => {
  const file = read("deploy/Dockerfile");
  const [, last = ""] = file.split(/^FROM .*$/m).slice(1);
  expect(last).toMatch(/^USER node$/m);
  expect(last).toMatch(/^HEALTHCHECK .*\n.*\/readyz/m);
  const [, set = ""] = /^ENV (.*)$/m.exec(last) ?? [];
  expect(unknown(set.split(" ").map((each) => each.split("=")[0] ?? ""))).toEqual([]);
});

describeWith(["systemd-analyze"], "systemd unit", () => {
  test("systemd finds no fault in the unit", () => {
    const folder = mkdtempSync(join(tmpdir(), "hallpass-unit-"));
    try {
      // The programs and files it names are those of the machine it is for.
      const unit = read("deploy/hallpass.service")
        .replace(/^ExecStart=\S+ \S+/m, "ExecStart=/bin/true")
        .replace(/^Documentation=.*$/m, "");
      const file = join(folder, "hallpass.service");
      writeFileSync(file, unit);
      const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", file], { encoding: "utf8" });
      expect([status, stderr.split("\n").filter((line) => line.includes("hallpass"))]).toEqual([0, []]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
