import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { currentEngine } from "./support/database.js";
import { modules } from "./support/platform.js";
import { describeWith } from "./support/programs.js";
import { useServer } from "./support/test-server.js";

const rulesFile = join(__dirname, "../../../deploy/alerts.yaml");
const rules: { alert: string; expr: string; annotations: { summary: string } }[] = parse(
  readFileSync(rulesFile, "utf8"),
).groups.flatMap((group: { rules: unknown[] }) => group.rules);

describe("Metrics", () => {
  const server = useServer();
  const metrics = async () => (await server().nobody().fetch("/metrics")).text();

  test("Checks, introspection and GraphQL are measured by status", async () => {
    const verifier = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
    const token = await server().createToken();
    const program = server().program(token.value);
    for (const path of ["/authorize", "/authorize/any", `/authorize?module=${modules.orders}`, "/authorize?x"])
      await program.fetch(path);
    await program.ask("{ viewer { role } }");
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    await server().program(verifier.value).fetch("/oauth2/introspect", { method: "POST", headers, body: "token=x" });
    const text = await metrics();
    const count = (endpoint: string, status: number) => {
      const labels = `{endpoint="${endpoint}",status="${status}"}`;
      return Number(text.split(`hallpass_request_duration_seconds_count${labels} `)[1]?.split("\n")[0] ?? 0);
    };
    expect([count("authorize", 200), count("authorize", 403), count("authorize", 400)]).toEqual([2, 1, 1]);
    expect([count("introspect", 200), count("graphql", 200) > 0]).toEqual([1, true]);
    const buckets = [...text.matchAll(/_bucket\{le="([^"]+)",endpoint="authorize",status="200"\} (\d+)/g)];
    const counts = buckets.map(([, , each]) => Number(each));
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(buckets.at(-1)?.slice(1)).toEqual(["+Inf", "2"]);
  });

  test("Every metric of the alert rules exists", async () => {
    const text = await metrics();
    // Only a database server has connections to wait for, and nodes to leave.
    const known = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    const isKnown = (name: string) =>
      known.includes(name.replace(/_bucket$/, "")) ||
      (currentEngine === "sqlite" &&
        /^hallpass_((database|check)_connections_awaited|database_node_left_total)$/.test(name));
    const used = rules.flatMap(({ expr }) => expr.match(/hallpass_\w+/g) ?? []);
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((name) => !isKnown(name))).toEqual([]);
  });

  test("Every alert rule says what it means", () => {
    for (const { annotations } of rules) expect(annotations.summary).toMatch(/^[A-Z].*\.$/);
  });

  describeWith(["promtool"], "promtool", () => {
    const promtool = (args: string[], input = "") => {
      const { status, stdout, stderr } = spawnSync("promtool", args, { input, encoding: "utf8" });
      return { status, said: stdout + stderr };
    };

    test("It finds no fault in the metrics", async () => {
      const own = (await metrics())
        .split("\n")
        .filter((line) => line.includes("hallpass_"))
        .join("\n");
      expect(promtool(["check", "metrics"], `${own}\n`)).toEqual({ status: 0, said: "" });
    });

    test("It finds no fault in the alert rules", () => {
      expect(promtool(["check", "rules", rulesFile])).toMatchObject({ status: 0 });
    });
  });
});
