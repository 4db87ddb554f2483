import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";

const script = resolve(__dirname, "../../../../scripts/check-advisories.mjs");
const advisory = {
  id: "GHSA-1111-2222-3333",
  package: "@made/up",
  vulnerable: "<1.4.2 || >=2.0.0 <2.0.1",
  patched: "1.4.2, 2.0.1",
  severity: "high",
  published: "2026-01-01",
  title: "It gives away what it keeps",
};
const acceptance = {
  id: advisory.id,
  package: advisory.package,
  version: "1.4.1",
  until: "2999-12-31",
  reason: "Unused.",
};

describe("Advisory check", () => {
  const folder = mkdtempSync(join(tmpdir(), "hallpass-test-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs the check with made-up lists in their own files. */
  function check(
    locked: string[],
    { accepted = [] as object[], advisories = [advisory] as object[], args = [""] } = {},
  ) {
    const [lock, list] = ["yaml", "json"].map((kind) => join(mkdtempSync(join(folder, "run-")), `list.${kind}`));
    writeFileSync(String(lock), stringify({ packages: Object.fromEntries(locked.map((key) => [key, {}])) }));
    writeFileSync(String(list), JSON.stringify({ collectedUpTo: "2026-02-02", accepted, advisories }));
    const all = [script, "--lock", String(lock), "--list", String(list), ...args.filter(Boolean)];
    return new Promise<{ status: number; out: string }>((done) =>
      execFile(process.execPath, all, (error, out) => done({ status: Number(error?.code ?? 0), out })),
    );
  }

  test("The check fails for each locked version with an advisory and for no other", async () => {
    const { status, out } = await check(["@made/up@1.4.1", "@made/up@1.4.2", "@made/up@2.0.0", "other@1.0.0"]);
    expect(status).toBe(1);
    expect(out.match(/^@made\/up@\S+: /gm)).toEqual(["@made/up@1.4.1: ", "@made/up@2.0.0: "]);
    expect(out).toContain("It gives away what it keeps (high, GHSA-1111-2222-3333; patched in 1.4.2, 2.0.1)");
    expect(await check(["@made/up@1.4.2", "other@1.0.0"])).toMatchObject({ status: 0 });
  });

  test("An acceptance needs a reason and a future date, and covers only its version", async () => {
    const accept = (change: object, locked = ["@made/up@1.4.1"]) =>
      check(locked, { accepted: [{ ...acceptance, ...change }] });
    expect(await accept({})).toMatchObject({ status: 0 });
    expect(await accept({ until: "2026-01-31" })).toMatchObject({ status: 1 });
    expect(await accept({ until: undefined })).toMatchObject({ status: 1 });
    expect(await accept({ reason: "" })).toMatchObject({ status: 1 });
    expect(await accept({}, ["@made/up@1.4.1", "@made/up@1.4.0"])).toMatchObject({ status: 1 });
    expect(await accept({}, ["@made/up@1.4.2"])).toMatchObject({ status: 1 });
  });

  test("The check fails for an unreadable version range", async () => {
    expect(await check([], { advisories: [{ ...advisory, vulnerable: "before 2" }] })).toMatchObject({ status: 1 });
  });

  test("The check also asks the registry, and reports if it is unavailable", async () => {
    const known = {
      url: `https://advisories.test/GHSA-4444`,
      title: "New",
      severity: "low",
      vulnerable_versions: "<2",
    };
    let answer = { status: 200, body: { other: [known] } as object };
    const asked: unknown[] = [];
    const registry = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      asked.push([request.method, request.url, JSON.parse(Buffer.concat(parts).toString())]);
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((done) => registry.listen(0, "127.0.0.1", done));
    const args = ["--online", "--registry", `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`];

    const vulnerable = await check(["other@1.0.0", "other@2.0.0"], { args });
    expect(asked).toEqual([["POST", "/-/npm/v1/security/advisories/bulk", { other: ["1.0.0", "2.0.0"] }]]);
    expect(vulnerable.status).toBe(1);
    expect(vulnerable.out.match(/^other@.*/gm)).toEqual([
      "other@1.0.0: New (low, GHSA-4444; patched in a version outside <2)",
    ]);

    answer = { status: 405, body: {} };
    const refused = await check(["other@1.0.0"], { args });
    await new Promise((done) => registry.close(done));
    const gone = await check(["@made/up@1.4.1"], { args });
    expect([refused.status, gone.status]).toEqual([0, 1]);
    for (const { out } of [refused, gone])
      expect(out).toMatch(/cannot be reached \(.+\): only the list was used, which ends at 2026-02-02/);
  });
});
